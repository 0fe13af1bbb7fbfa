package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The leader executes everything; its replicas follow by Redis' own replication. A reply that
 * promises more than the leader can keep alone is held until a barrier has proved that enough nodes
 * have what it tells. Belongs to one event loop.
 */
public final class LeaderPolicy implements ReplicationPolicy {

  private final Backends backends;
  private final Scheduler scheduler;
  private final BarrierSettings settings;
  private final BarrierCounters counters;
  private final NodeStatus status;
  private final ReplicaReads replicaReads;
  private final Map<Key, BarrierGroup> groups = new HashMap<>();
  // The one used last for each shard, by its index: found faster than by hashing.
  private @Nullable BarrierGroup[] recent = new BarrierGroup[8];

  private final Map<String, LeaderMarker> markers = new HashMap<>();

  private record Key(String shard, int copies) {}

  public LeaderPolicy(
      Backends backends,
      Scheduler scheduler,
      BarrierSettings settings,
      BarrierCounters counters,
      NodeStatus status) {
    this.backends = backends;
    this.scheduler = scheduler;
    this.settings = settings;
    this.counters = counters;
    this.status = status;
    this.replicaReads = new ReplicaReads(backends, status);
    backends.onLoss(this::lost);
  }

  @Override
  public void read(
      Request request,
      Shard shard,
      Lane lane,
      ReadLevel level,
      ClientView view,
      ReplyCallback callback) {
    if (!shard.isServing()) {
      refuse(shard, callback);
      return;
    }
    switch (level) {
      case LEADER -> backends.send(shard.leader().id(), lane, request, callback);
      case LINEARIZABLE ->
          send(request, shard, lane, WriteLevel.QUORUM, ClientView.UNTRACKED, callback);
      default -> replicaReads.read(request, shard, lane, level, view, callback);
    }
  }

  @Override
  public void write(
      Request request,
      Shard shard,
      Lane lane,
      WriteLevel level,
      ClientView view,
      ReplyCallback callback) {
    if (!shard.isServing()) {
      refuse(shard, callback);
      return;
    }
    view.writes(shard);
    send(request, shard, lane, level, view, callback);
  }

  private static void refuse(Shard shard, ReplyCallback callback) {
    callback.onFailure(
        BackendFailure.NOT_SENT,
        shard.leader().id(),
        "shard " + shard.id() + " has no leader yet in epoch " + shard.epoch());
  }

  private void send(
      Request request,
      Shard shard,
      Lane lane,
      WriteLevel level,
      ClientView view,
      ReplyCallback callback) {
    NodeId leader = shard.leader().id();
    int copies = level.copies(shard.nodes().size());
    if (copies == 1) {
      ReplyCallback told = view.isTracked() ? new Unproved(shard, view, callback) : callback;
      backends.send(leader, lane, request, told);
      return;
    }
    BarrierGroup group = group(shard, copies);
    String unfit = status.unfit(leader);
    String refusal = unfit.isEmpty() ? group.refusal() : unfit;
    if (refusal.isEmpty()) {
      backends.send(leader, lane, request, new Holding(group, lane, view, callback));
    } else {
      view.unproved(shard);
      callback.onFailure(BackendFailure.NOT_SENT, leader, refusal);
    }
  }

  /**
   * Counts the replicas of {@code shard} that hold what its leader has executed, until there are
   * {@code wanted} or the time is up; {@code timeoutMillis} 0 waits without end.
   */
  public void countReplicas(Shard shard, int wanted, long timeoutMillis, ReplicaListener listener) {
    new ReplicaCount(
            backends,
            scheduler,
            marker(shard),
            shard,
            wanted,
            timeoutMillis,
            settings.waitMillis(),
            listener)
        .start();
  }

  private LeaderMarker marker(Shard shard) {
    LeaderMarker marker = markers.get(shard.id());
    if (marker == null || !marker.isOf(shard)) {
      marker = new LeaderMarker(shard, settings.beginsMarker());
      markers.put(shard.id(), marker);
    }
    return marker;
  }

  private BarrierGroup group(Shard shard, int copies) {
    int index = shard.index();
    if (index >= recent.length) {
      recent = Arrays.copyOf(recent, 2 * index);
    }
    BarrierGroup group = recent[index];
    if (group == null || !group.serves(shard, copies)) {
      group = lookUp(shard, copies);
      recent[index] = group;
    }
    return group;
  }

  private BarrierGroup lookUp(Shard shard, int copies) {
    Key key = new Key(shard.id(), copies);
    BarrierGroup group = groups.get(key);
    if (group == null || !group.serves(shard, copies)) {
      BarrierGroup fresh =
          new BarrierGroup(backends, scheduler, settings, counters, marker(shard), shard, copies);
      groups.put(key, fresh);
      if (group != null) {
        group.retire("shard " + shard.id() + " has begun epoch " + shard.epoch());
      }
      group = fresh;
    }
    return group;
  }

  private void lost(NodeId node, String reason) {
    for (BarrierGroup group : List.copyOf(groups.values())) {
      if (group.shard().leader().id().equals(node)) {
        group.revoke(reason);
      }
    }
  }

  /** Gives the reply of a server to the barrier; an error promises nothing and is passed on. */
  private record Holding(BarrierGroup group, Lane lane, ClientView view, ReplyCallback callback)
      implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        view.unproved(group.shard());
        callback.onReply(reply);
      } else {
        group.hold(lane, view, callback, reply);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      view.unproved(group.shard());
      callback.onFailure(failure, node, reason);
    }
  }

  /** A write that the leader alone acknowledges. */
  private record Unproved(Shard shard, ClientView view, ReplyCallback callback)
      implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      view.unproved(shard);
      callback.onReply(reply);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      view.unproved(shard);
      callback.onFailure(failure, node, reason);
    }
  }
}
