package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.Shard;
import java.util.Arrays;
import java.util.List;

/**
 * What the replicas of a shard say by themselves: how far they have come in the stream of their
 * leader. Each raise of the marker publishes its sequence, in a channel that nobody else knows; the
 * replication stream brings that to the replicas behind all that the leader had executed before,
 * and they pass it on to who has subscribed there.
 *
 * <p>A receipt counts from when the leader has answered that raise: a leader that goes back in its
 * history repeats numbers, and that is seen in its answer only. Belongs to one event loop.
 */
final class Receipts {

  private final Backends backends;
  private final Shard shard;
  private final String channel;
  private final int replicas;
  private final Runnable news;
  private final long[] told;
  private final long[] early;
  private long answered;
  private long held;

  /** {@code replicas} are enough; {@code news} runs when more is known of one. */
  Receipts(Backends backends, Shard shard, int replicas, Runnable news) {
    this.backends = backends;
    this.shard = shard;
    this.channel = Marker.RESERVED + "rp:held:" + backends.newName();
    this.replicas = replicas;
    this.news = news;
    this.told = new long[shard.replicas().size()];
    this.early = new long[told.length];
  }

  String channel() {
    return channel;
  }

  /** Begins to listen, or makes sure of it. */
  void listen() {
    List<Node> all = shard.replicas();
    for (int i = 0; i < told.length; i++) {
      int index = i;
      backends.subscribe(all.get(i).id(), channel, text -> told(index, Long.parseLong(text)));
    }
  }

  void end() {
    shard.replicas().forEach(replica -> backends.unsubscribe(replica.id(), channel));
  }

  /** The leader has executed the raise of that sequence, and all before it or never. */
  void answered(long sequence) {
    answered = sequence;
    for (int i = 0; i < told.length; i++) {
      if (early[i] == sequence) {
        told[i] = sequence;
      }
    }
    count();
  }

  /** The highest sequence that enough replicas hold; 0 if none needs to. */
  long held() {
    return held;
  }

  private void told(int replica, long sequence) {
    if (sequence > answered) {
      early[replica] = sequence;
    } else if (sequence > told[replica]) {
      told[replica] = sequence;
      count();
      news.run();
    }
  }

  private void count() {
    if (replicas > 0 && replicas <= told.length) {
      long[] sorted = told.clone();
      Arrays.sort(sorted);
      held = sorted[sorted.length - replicas];
    }
  }
}
