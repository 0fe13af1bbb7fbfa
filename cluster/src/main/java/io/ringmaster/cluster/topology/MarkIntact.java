package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * A node has caught up with the leader of the epoch in this incarnation of its server: it remembers
 * what it acknowledges.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param node which node
 * @param incarnation the incarnation of its server
 */
public record MarkIntact(String shard, long epoch, NodeId node, String incarnation)
    implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.SERVING);
    require(changed.has(node), "node " + node + " is not in shard " + shard);
    return topology.replace(changed.intact(node, incarnation));
  }
}
