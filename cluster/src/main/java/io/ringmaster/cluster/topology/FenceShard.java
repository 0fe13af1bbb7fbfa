package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * Nobody leads the shard any more: a new epoch begins, whose leader is not chosen yet.
 *
 * @param shard its id
 * @param epoch the shard's new epoch
 * @param forced whether nodes count that may have forgotten what they acknowledged; nodes that were
 *     planned are the shard's at once then
 */
public record FenceShard(String shard, long epoch, boolean forced) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    require(epoch > changed.epoch(), "shard " + shard + " has begun epoch " + changed.epoch());
    return topology.replace(forced ? changed.forced(epoch) : changed.fenced(epoch));
  }
}
