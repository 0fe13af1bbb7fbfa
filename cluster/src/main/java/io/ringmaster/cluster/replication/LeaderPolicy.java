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
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The leader executes everything; its replicas follow by Redis' own replication. A reply that
 * promises more than the leader can keep alone is held until a barrier has proved that enough nodes
 * have what it tells. Any other is passed on at once if it arrives under a lease and in the newest
 * epoch of its shard: then nobody else can have led the shard meanwhile. If not, a barrier has to
 * prove that too. Belongs to one event loop.
 */
public final class LeaderPolicy implements ReplicationPolicy, ReplicaCounter {

  private final Backends backends;
  private final CommitGroup.Means means;
  private final NodeStatus status;
  private final Lease lease;
  private final Supplier<Topology> newest;
  private final ReplicaReads replicaReads;
  private final Map<Key, CommitGroup> groups = new HashMap<>();
  // The one used last for each shard, by its index: found faster than by hashing.
  private @Nullable CommitGroup[] recent = new CommitGroup[8];

  private final Map<String, LeaderMarker> markers = new HashMap<>();
  // As it was when the replies came that are being handled.
  private boolean leased;

  private record Key(String shard, int writeQuorum) {}

  /** {@code newest} is asked for the newest topology that this process knows. */
  public LeaderPolicy(
      Backends backends,
      Scheduler scheduler,
      BarrierSettings settings,
      BarrierCounters counters,
      NodeStatus status,
      Lease lease,
      Supplier<Topology> newest) {
    ArrivalTime arrival = new ArrivalTime(scheduler);
    this.backends = backends;
    this.means = new CommitGroup.Means(backends, scheduler, settings, counters, arrival);
    this.status = status;
    this.lease = lease;
    this.newest = newest;
    this.replicaReads = new ReplicaReads(backends, status, settings.marker());
    backends.onLoss(this::lost);
    backends.onArrival(arrival::arrived);
    if (!lease.isEndless()) {
      backends.onArrival(() -> leased = lease.isHeld());
    }
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
      case LEADER -> sendToLeader(request, shard, lane, ClientView.UNTRACKED, callback);
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
        BackendFailure.NO_LEADER,
        shard.leader().id(),
        shard.state() == ShardState.STOPPED
            ? "shard " + shard.id() + " is stopped, until CLUSTER.START"
            : "shard " + shard.id() + " has no leader yet in epoch " + shard.epoch());
  }

  private void send(
      Request request,
      Shard shard,
      Lane lane,
      WriteLevel level,
      ClientView view,
      ReplyCallback callback) {
    int writeQuorum = shard.writeQuorum(level);
    if (writeQuorum == 1) {
      sendToLeader(request, shard, lane, view, callback);
      return;
    }
    NodeId leader = shard.leader().id();
    CommitGroup group = group(shard, writeQuorum);
    String refusal = refusal(group, shard);
    if (refusal.isEmpty()) {
      Lane taken = backends.passable(leader, lane);
      backends.send(leader, taken, request, group.expect(request, taken, view, callback));
    } else {
      view.unproved(shard);
      callback.onFailure(BackendFailure.NOT_SENT, leader, refusal);
    }
  }

  /** Sends what the leader alone answers. */
  private void sendToLeader(
      Request request, Shard shard, Lane lane, ClientView view, ReplyCallback callback) {
    NodeId leader = shard.leader().id();
    Lane taken = backends.passable(leader, lane);
    boolean asItComes = lease.isEndless() && !view.isTracked();
    ReplyCallback told =
        asItComes ? callback : new Arriving(shard, taken, view, callback, !request.callsScript());
    backends.send(leader, taken, request, told);
  }

  private String refusal(CommitGroup group, Shard shard) {
    if (group.shard().epoch() != shard.epoch()) {
      return "shard " + shard.id() + " has begun epoch " + group.shard().epoch();
    }
    String unfit = status.unfit(group.shard().leader().id());
    return unfit.isEmpty() ? group.refusal() : unfit;
  }

  @Override
  public void countReplicas(Shard shard, int wanted, long timeoutMillis, ReplicaListener listener) {
    countReplicas(shard, wanted, timeoutMillis, means.settings().waitMillis(), listener);
  }

  @Override
  public void countReplicas(
      Shard shard, int wanted, long timeoutMillis, int waitMillis, ReplicaListener listener) {
    ReplicaCount.Question question =
        new ReplicaCount.Question(shard, wanted, timeoutMillis, waitMillis);
    new ReplicaCount(backends, means.scheduler(), means.marker(), marker(shard), question, listener)
        .start();
  }

  @Override
  public boolean isBusy(Shard shard) {
    return groups.values().stream()
        .anyMatch(group -> group.shard().id().equals(shard.id()) && group.isBusy());
  }

  private LeaderMarker marker(Shard shard) {
    LeaderMarker marker = markers.get(shard.id());
    if (marker == null || !marker.isOf(shard)) {
      marker = new LeaderMarker(shard, means.settings().beginsMarker());
      markers.put(shard.id(), marker);
    }
    return marker;
  }

  private CommitGroup group(Shard shard, int writeQuorum) {
    int index = shard.index();
    if (index >= recent.length) {
      recent = Arrays.copyOf(recent, 2 * index);
    }
    CommitGroup group = recent[index];
    if (group == null || !group.serves(shard, writeQuorum)) {
      group = lookUp(shard, writeQuorum);
      recent[index] = group;
    }
    return group;
  }

  private CommitGroup lookUp(Shard shard, int writeQuorum) {
    Key key = new Key(shard.id(), writeQuorum);
    CommitGroup group = groups.get(key);
    // A request that has begun long ago does not bring an old epoch back.
    if (group == null || group.shard().epoch() < shard.epoch()) {
      CommitGroup fresh = new CommitGroup(means, marker(shard), shard, writeQuorum);
      groups.put(key, fresh);
      fresh.listen();
      if (group != null) {
        group.retire("shard " + shard.id() + " has begun epoch " + shard.epoch());
      }
      group = fresh;
    }
    return group;
  }

  private void lost(NodeId node, Lane lane, String reason) {
    for (CommitGroup group : List.copyOf(groups.values())) {
      if (group.shard().leader().id().equals(node)) {
        group.lost(lane, reason);
      }
    }
  }

  /** Passes a reply on if it counts by itself, else gives it to a barrier. */
  private final class Arriving implements ReplyCallback {
    private final Shard shard;
    private final Lane lane;
    private final ClientView view;
    private final ReplyCallback callback;
    private final boolean refusable;

    Arriving(Shard shard, Lane lane, ClientView view, ReplyCallback callback, boolean refusable) {
      this.shard = shard;
      this.lane = lane;
      this.view = view;
      this.callback = callback;
      this.refusable = refusable;
    }

    @Override
    public void onReply(Reply reply) {
      if ((refusable && Refusal.is(reply)) || lease.isEndless() || (leased && isNewest(shard))) {
        view.unproved(shard);
        callback.onReply(reply);
      } else if (isNewest(shard)) {
        prove(reply);
      } else {
        // No barrier of an epoch that is over is worth trying.
        unknown("shard " + shard.id() + " has begun another epoch");
      }
    }

    private void prove(Reply reply) {
      CommitGroup group = group(shard, shard.writeQuorum(WriteLevel.QUORUM));
      String refusal = refusal(group, shard);
      if (refusal.isEmpty()) {
        means.counters().unleased();
        group.hold(lane, view, callback, reply);
      } else {
        unknown(refusal);
      }
    }

    private void unknown(String reason) {
      onFailure(BackendFailure.OUTCOME_UNKNOWN, shard.leader().id(), reason);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      view.unproved(shard);
      callback.onFailure(failure, node, reason);
    }
  }

  /** Whether {@code shard} is as the newest topology has it. */
  private boolean isNewest(Shard shard) {
    List<Shard> present = newest.get().shards();
    int index = shard.index();
    if (index < present.size() && isSame(shard, present.get(index))) {
      return true;
    }
    // Another shard that was removed has moved it.
    return present.stream().anyMatch(other -> isSame(shard, other));
  }

  private static boolean isSame(Shard one, Shard other) {
    return one.epoch() == other.epoch() && one.id().equals(other.id());
  }
}
