package io.ringmaster.cluster.topology;

/** How many units of the slots a shard should hold from now on. It moves no slot by itself. */
public record SetWeight(String shard, int weight) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    return topology.replace(topology.requireShard(shard).withWeight(weight));
  }
}
