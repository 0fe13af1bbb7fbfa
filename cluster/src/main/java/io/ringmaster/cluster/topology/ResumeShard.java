package io.ringmaster.cluster.topology;

/**
 * A shard is not handed over: its leader serves on, and what was planned is not any more.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 */
public record ResumeShard(String shard, long epoch) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.PAUSED);
    return topology.replace(changed.resumed(topology.epoch() + 1));
  }
}
