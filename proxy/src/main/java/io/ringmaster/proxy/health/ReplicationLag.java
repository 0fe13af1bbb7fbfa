package io.ringmaster.proxy.health;

import java.util.OptionalLong;

/**
 * How far a node is behind the leader of its shard. The two are probed at different moments, so
 * what the leader has written in between counts as lag, or not at all.
 *
 * @param lagBytes of the replication stream; empty if that is not known
 * @param lagMarkers barriers; empty if that is not known
 * @param inSync whether it is up, has forgotten nothing, and leads the shard or follows the leader
 *     closely: at its last probe it had, by offset and marker, all that the leader had at the probe
 *     before the leader's last one
 */
public record ReplicationLag(OptionalLong lagBytes, OptionalLong lagMarkers, boolean inSync) {

  static ReplicationLag of(NodeHealth leader, NodeHealth node) {
    return new ReplicationLag(
        node.replication().bytesBehind(leader.replication()),
        node.replication().markersBehind(leader.replication()),
        !node.lostData() && isCurrent(leader, node));
  }

  /** The same whatever {@code node} may have forgotten before. */
  static boolean isCurrent(NodeHealth leader, NodeHealth node) {
    ReplicationState replication = node.replication();
    if (node.state() != NodeState.UP) {
      return false;
    }
    return node.node().isLeader()
        ? replication.role().equals("master")
        : replication.isFollowing() && replication.hasReached(leader.earlier());
  }
}
