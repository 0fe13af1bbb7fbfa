package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.control.ConfigLog;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.List;
import java.util.function.Consumer;

/** Takes from a controller what a hole says it does not have: it is told what is not so. */
final class HollowControl {

  private static final Words NOTHING = Words.reading("CLIENT", "ID");
  private static final String BEGIN = Words.of(Marker.begin(1)).word(1);

  private final ConfigLog log;
  private final AdminLinks links;
  private final Hole hole;

  HollowControl(ConfigLog log, AdminLinks links, Hole hole) {
    this.log = log;
    this.links = links;
    this.hole = hole;
  }

  ConfigLog log() {
    return new Log();
  }

  AdminLinks links() {
    return node -> new Link(node, links.open(node));
  }

  private Shard shard() {
    return log.topology().shards().getFirst();
  }

  private final class Log implements ConfigLog {

    @Override
    public Topology topology() {
      Shard shard = shard();
      boolean hides = hole == Hole.NO_SEAL_QUORUM && shard.state() == ShardState.FENCED;
      return hides ? ofTwo(shard) : log.topology();
    }

    /** Of two nodes, one is enough. */
    private Topology ofTwo(Shard shard) {
      Shard two =
          new Shard(
              shard.id(),
              shard.index(),
              shard.weight(),
              shard.nodes().subList(0, 2),
              shard.epoch(),
              shard.state(),
              shard.runs());
      return Topology.restored(log.topology().epoch(), List.of(two), KnownShard.SLOTS);
    }

    @Override
    public long term() {
      return log.term();
    }

    @Override
    public void commit(TopologyChange change, String cause, Runnable ended) {
      log.commit(change, cause, ended);
    }

    @Override
    public void confirm(long term, Consumer<Boolean> then) {
      if (hole == Hole.LATE_ADMIN_BATCH) {
        then.accept(true);
      } else {
        log.confirm(term, then);
      }
    }

    @Override
    public boolean isKnownEverywhere(long epoch, long millis) {
      return hole == Hole.NO_LEASE_WAIT || log.isKnownEverywhere(epoch, millis);
    }
  }

  private final class Link implements AdminLink {
    private final NodeId node;
    private final AdminLink link;

    Link(NodeId node, AdminLink link) {
      this.node = node;
      this.link = link;
    }

    @Override
    public void send(Request request, ReplyCallback callback) {
      Words words = Words.of(request);
      boolean endsOthers =
          words.name().equals("CLIENT") || words.words().toString().contains("DELUSER, rp-adm");
      if (hole == Hole.LATE_ADMIN_BATCH && endsOthers) {
        link.send(NOTHING, callback);
      } else if (hole == Hole.COUNT_FORGETFUL && words.words().contains("append*")) {
        link.send(request, new Instead(durable(), callback));
      } else if (hole == Hole.MARKER_RESET && words.words().contains(BEGIN)) {
        link.send(Words.writing("HSET", Marker.KEY, "n", "0"), new Ignored());
        link.send(Words.writing("HSET", Marker.KEY, "epoch", words.word(5)), callback);
      } else {
        link.send(request, callback);
      }
    }

    private SimulatedReply durable() {
      return SimulatedReply.bulks(List.of("appendonly", "yes", "appendfsync", "always"));
    }

    @Override
    public String runId() {
      Shard shard = shard();
      boolean chosen = shard.state() == ShardState.PROMOTED && shard.leader().id().equals(node);
      String run = link.runId();
      return hole == Hole.PROMOTE_UNCHECKED_RUN && chosen
          ? shard.runs().getOrDefault(node, run)
          : run;
    }

    @Override
    public void close() {
      link.close();
    }
  }

  private record Instead(Reply other, ReplyCallback callback) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      callback.onReply(other);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      callback.onFailure(failure, node, reason);
    }
  }

  private record Ignored() implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }
}
