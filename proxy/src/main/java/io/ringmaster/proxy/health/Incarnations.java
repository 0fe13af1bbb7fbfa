package io.ringmaster.proxy.health;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which run of each server is known to have all that the server ever acknowledged. The first run
 * that is seen is taken for it. A later one may have lost data unless every write was on disk, or
 * until it has been synced with its leader. Kept in memory only. Safe for all threads.
 */
final class Incarnations {

  private final Map<NodeId, String> runs = new ConcurrentHashMap<>();

  /**
   * {@code now}, told whether it may have lost data. {@code before} is what the probe before found.
   */
  NodeHealth judge(NodeHealth before, NodeHealth now, NodeHealth leader) {
    if (now.state() != NodeState.UP || now.runId().isEmpty()) {
      return now;
    }
    NodeId id = now.node().id();
    String admitted = runs.putIfAbsent(id, now.runId());
    if (admitted == null || admitted.equals(now.runId())) {
      return now.lostData(false);
    }
    boolean remembers = before.runId().equals(admitted) && forgotNothing(before, now);
    if (remembers || isSynced(now, leader)) {
      runs.put(id, now.runId());
      return now.lostData(false);
    }
    return now.lostData(true);
  }

  /** A node that comes back after it had left is a new one. */
  void retain(Set<NodeId> nodes) {
    runs.keySet().retainAll(nodes);
  }

  private static boolean forgotNothing(NodeHealth before, NodeHealth now) {
    Optional<MarkerPosition> had = before.replication().marker();
    Optional<MarkerPosition> has = now.replication().marker();
    return before.syncsEachWrite()
        && now.syncsEachWrite()
        && had.isPresent()
        && has.isPresent()
        && (has.get().hasReached(had.get()) || has.get().epoch() > had.get().epoch());
  }

  private static boolean isSynced(NodeHealth now, NodeHealth leader) {
    return !now.node().isLeader() && !leader.lostData() && ReplicationLag.isCurrent(leader, now);
  }
}
