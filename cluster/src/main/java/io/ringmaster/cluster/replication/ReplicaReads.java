package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads that need not be made at the leader. A replica that is too old, behind the client's own
 * writes, or does not answer is replaced by the leader. Belongs to one event loop.
 */
final class ReplicaReads {

  private final Backends backends;
  private final NodeStatus status;
  private final Marker marker;

  ReplicaReads(Backends backends, NodeStatus status, Marker marker) {
    this.backends = backends;
    this.status = status;
    this.marker = marker;
  }

  void read(
      Request request,
      Shard shard,
      Lane lane,
      ReadLevel level,
      ClientView view,
      ReplyCallback callback) {
    NodeId leader = shard.leader().id();
    List<NodeId> fresh = view.needsLeader(shard) ? List.of() : fresh(shard);
    if (fresh.isEmpty()) {
      backends.send(leader, backends.passable(leader, lane), request, callback);
      return;
    }
    Asking asking = new Asking(request, shard, lane, view);
    switch (level) {
      case FIRST -> new Race(leader, fresh.size(), callback).run(asking, fresh);
      case NEAREST -> asking.askOr(nearest(leader, fresh), callback);
      default -> asking.askOr(fresh.get(Math.floorMod(view.pin(), fresh.size())), callback);
    }
  }

  private List<NodeId> fresh(Shard shard) {
    List<NodeId> fresh = new ArrayList<>(shard.nodes().size());
    for (Node replica : shard.replicas()) {
      if (status.isFresh(replica.id())) {
        fresh.add(replica.id());
      }
    }
    return fresh;
  }

  private NodeId nearest(NodeId leader, List<NodeId> fresh) {
    NodeId nearest = leader;
    long least = status.latencyMicros(leader);
    for (NodeId replica : fresh) {
      long latency = status.latencyMicros(replica);
      if (latency < least) {
        nearest = replica;
        least = latency;
      }
    }
    return nearest;
  }

  /** One request on its way to several nodes, one after the other or at once. */
  private final class Asking {
    private final Request request;
    private final Shard shard;
    private final Lane lane;
    private final ClientView view;

    Asking(Request request, Shard shard, Lane lane, ClientView view) {
      this.request = request.detached();
      this.shard = shard;
      this.lane = lane;
      this.view = view;
    }

    /** Asks {@code node}, and the leader if that does not lead to an answer. */
    void askOr(NodeId node, ReplyCallback callback) {
      NodeId leader = shard.leader().id();
      ask(node, node.equals(leader) ? callback : new LeaderInstead(this, callback));
    }

    /** Asks {@code node}; one that is behind the client's own writes fails. */
    void ask(NodeId node, ReplyCallback callback) {
      Lane taken = backends.passable(node, lane);
      if (view.needsNothing(shard) || node.equals(shard.leader().id())) {
        backends.send(node, taken, request, callback);
        return;
      }
      Guarded guarded = new Guarded(view.needed(shard), node, callback);
      backends.send(node, taken, marker.read(), guarded.marker());
      backends.send(node, taken, request, guarded);
    }
  }

  private record LeaderInstead(Asking asking, ReplyCallback callback) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      if (Refusal.isOfReplica(reply)) {
        asking.ask(asking.shard.leader().id(), callback);
      } else {
        callback.onReply(reply);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      asking.ask(asking.shard.leader().id(), callback);
    }
  }

  /** Passes a reply on only if the replica's marker, which comes before it, is far enough. */
  private static final class Guarded implements ReplyCallback {
    private final MarkerPosition needed;
    private final NodeId replica;
    private final ReplyCallback callback;
    private boolean reached;

    Guarded(MarkerPosition needed, NodeId replica, ReplyCallback callback) {
      this.needed = needed;
      this.replica = replica;
      this.callback = callback;
    }

    ReplyCallback marker() {
      return new ReplyCallback() {
        @Override
        public void onReply(Reply reply) {
          reached = !reply.isError() && MarkerPosition.parse(reply.text()).hasReached(needed);
        }

        @Override
        public void onFailure(BackendFailure failure, NodeId node, String reason) {
          reached = false;
        }
      };
    }

    @Override
    public void onReply(Reply reply) {
      if (reached) {
        callback.onReply(reply);
      } else {
        callback.onFailure(BackendFailure.NOT_SENT, replica, "it is behind");
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      callback.onFailure(failure, node, reason);
    }
  }

  /**
   * The first answer wins. A replica that has no value may just be behind, and one that has trouble
   * knows nothing: then the leader decides, or the last who answers.
   */
  private static final class Race {
    private final NodeId leader;
    private final ReplyCallback callback;
    private int missing;
    private boolean decided;

    Race(NodeId leader, int replicas, ReplyCallback callback) {
      this.leader = leader;
      this.missing = replicas + 1;
      this.callback = callback;
    }

    void run(Asking asking, List<NodeId> replicas) {
      asking.ask(leader, new Runner(leader));
      for (NodeId replica : replicas) {
        asking.ask(replica, new Runner(replica));
      }
    }

    private final class Runner implements ReplyCallback {
      private final NodeId node;

      Runner(NodeId node) {
        this.node = node;
      }

      @Override
      public void onReply(Reply reply) {
        boolean decides = node.equals(leader) || !(reply.isError() || isNil(reply));
        if (!decided && (decides || missing == 1)) {
          decided = true;
          callback.onReply(reply);
        }
        missing--;
      }

      @Override
      public void onFailure(BackendFailure failure, NodeId failed, String reason) {
        if (!decided && missing == 1) {
          decided = true;
          callback.onFailure(failure, failed, reason);
        }
        missing--;
      }
    }

    private static boolean isNil(Reply reply) {
      return reply.type() == '_' || reply.firstLine().equals("-1");
    }
  }
}
