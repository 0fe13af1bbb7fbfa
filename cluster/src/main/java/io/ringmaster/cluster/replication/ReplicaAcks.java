package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.Shard;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What the replicas of a shard say by themselves: how far they have come in the stream of their
 * leader. Each advance of the marker publishes its sequence, in a channel that nobody else knows;
 * the replication stream brings that to the replicas behind all that the leader had executed
 * before, and they pass it on to who has subscribed there.
 *
 * <p>What a replica tells counts from when the leader has answered that advance: a leader that goes
 * back in its history repeats numbers, and that is seen in its answer only. Belongs to one event
 * loop.
 */
final class ReplicaAcks {

  /** Those that a replica has not told of are remembered, but not without end. */
  private static final int REMEMBERED = 256;

  private final Backends backends;
  private final Shard shard;
  private final String channel;
  private final int wanted;
  private final LongConsumer proved;
  private final ArrayDeque<Expected> expected = new ArrayDeque<>();
  // The highest number of the marker that each has come to.
  private final long[] reached;
  private long provedNumber;

  /** An advance, and who has told of it before the leader has. */
  private record Expected(MarkerAdvance advance, BitSet early) {}

  /**
   * @param wanted how many replicas are enough
   * @param proved is told the number of the marker that enough of them have, when it has grown
   */
  ReplicaAcks(Backends backends, Shard shard, int wanted, LongConsumer proved) {
    this.backends = backends;
    this.shard = shard;
    this.channel = Marker.RESERVED + "rp:held:" + backends.newName();
    this.wanted = wanted;
    this.proved = proved;
    this.reached = new long[shard.replicas().size()];
  }

  String channel() {
    return channel;
  }

  /** Begins to listen, or makes sure of it. */
  void listen() {
    List<Node> all = shard.replicas();
    for (int i = 0; i < reached.length; i++) {
      int index = i;
      backends.subscribe(all.get(i).id(), channel, text -> told(index, Long.parseLong(text)));
    }
  }

  void end() {
    shard.replicas().forEach(replica -> backends.unsubscribe(replica.id(), channel));
  }

  /** {@code advance} is on its way. */
  void expect(MarkerAdvance advance) {
    if (expected.size() == REMEMBERED) {
      expected.remove();
    }
    expected.add(new Expected(advance, new BitSet()));
  }

  /** The leader has answered {@code advance}. */
  void answered(MarkerAdvance advance) {
    for (Expected one : expected) {
      if (one.advance == advance) {
        one.early.stream().forEach(replica -> reach(replica, advance.number()));
        count();
        return;
      }
    }
  }

  /** Nothing that was told counts any more: the leader may begin with lower numbers. */
  void forget() {
    expected.clear();
    Arrays.fill(reached, 0);
    provedNumber = 0;
  }

  /** The highest number of the marker that enough replicas have; 0 if there is none. */
  long proved() {
    return provedNumber;
  }

  private void told(int replica, long sequence) {
    Iterator<Expected> newestFirst = expected.descendingIterator();
    while (newestFirst.hasNext()) {
      Expected one = newestFirst.next();
      if (one.advance.sequence() == sequence) {
        if (one.advance.isAnswered()) {
          reach(replica, one.advance.number());
          count();
        } else {
          one.early.set(replica);
        }
        return;
      }
    }
  }

  private void reach(int replica, long number) {
    reached[replica] = Math.max(reached[replica], number);
  }

  private void count() {
    if (wanted == 0 || wanted > reached.length) {
      return;
    }
    long[] sorted = reached.clone();
    Arrays.sort(sorted);
    forgetTold(sorted[0]);
    long number = sorted[sorted.length - wanted];
    if (number > provedNumber) {
      provedNumber = number;
      proved.accept(number);
    }
  }

  /** All have told of {@code number}, and of what was before it. */
  private void forgetTold(long number) {
    while (!expected.isEmpty()
        && expected.peek().advance.isAnswered()
        && expected.peek().advance.number() <= number) {
      expected.remove();
    }
  }
}
