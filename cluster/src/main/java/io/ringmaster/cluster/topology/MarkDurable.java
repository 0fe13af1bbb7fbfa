package io.ringmaster.cluster.topology;

/**
 * The leader of a shard has everything on disk, and writes what it acknowledges there before it
 * does; or it does not any more.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param keeps whether it does
 */
public record MarkDurable(String shard, long epoch, boolean keeps) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireEpoch(epoch);
    changed.requireState(epoch, ShardState.SERVING);
    return topology.replace(changed.durableOnLeader(keeps));
  }
}
