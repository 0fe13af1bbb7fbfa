package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.List;

/**
 * What the nodes of a shard are to be in its next epoch, and which of them leads. Nothing changes
 * before the shard is handed over; a later plan takes the place of an earlier one.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param nodes the leader first; empty to plan nothing
 */
public record PlanReconfiguration(String shard, long epoch, List<NodeId> nodes)
    implements TopologyChange {

  public PlanReconfiguration {
    nodes = List.copyOf(nodes);
  }

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireEpoch(epoch);
    require(
        changed.state() != ShardState.PAUSED,
        "shard " + shard + " is just being handed over or stopped");
    require(
        nodes.isEmpty() || changed.has(nodes.getFirst()),
        "the node that is to lead is not in shard " + shard);
    return topology.replace(changed.withPending(nodes));
  }
}
