package io.ringmaster.cluster.topology;

/** Keys with one prefix. */
public record Keyspace(String prefix, Topology topology) {
  /** The shard of a slot. */
  public Shard shardOf(int slot) {
    return topology.shardOf(slot);
  }
}
