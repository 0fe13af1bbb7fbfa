package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * A node is chosen to lead a fenced shard.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param leader which node
 * @param run which run of its server was looked at
 */
public record PromoteLeader(String shard, long epoch, NodeId leader, String run)
    implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireTurn(epoch, changed.state().isFenced() ? changed.state() : ShardState.FENCED);
    require(changed.has(leader), "node " + leader + " is not in shard " + shard);
    return topology.replace(changed.promoted(leader, run));
  }
}
