package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.List;

/**
 * The leader of a shard is sent no more requests, so that the shard can be stopped: it is handed
 * over to nobody. What was planned is not any more.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 */
public record StopShard(String shard, long epoch) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.SERVING);
    require(
        !changed.isInTransition() && changed.canBecome(changed.nodeIds()),
        "too few of the nodes of shard " + shard + " remember what they acknowledged");
    return topology.replace(changed.withPending(List.of()).paused(topology.epoch() + 1));
  }
}
