package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * The leader of a shard is sent no more requests, so that the shard can be handed over as planned.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 */
public record PauseShard(String shard, long epoch) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.SERVING);
    // Without a plan it would be stopped, which only an operator orders.
    require(!changed.pending().isEmpty(), "nothing is planned for shard " + shard);
    return topology.replace(changed.paused(topology.epoch() + 1));
  }
}
