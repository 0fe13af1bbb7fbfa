package io.ringmaster.cluster.topology;

import java.util.List;

/** A shard leaves. It must own no slot any more; indexes of later shards go down by one. */
public record RemoveShard(String shard) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard leaving = topology.requireShard(shard);
    for (Keyspace keyspace : topology.keyspaces()) {
      int owned = keyspace.slotCount(leaving);
      InvalidTopologyException.require(
          owned == 0,
          "shard " + shard + " still owns " + owned + " slots of keyspace " + keyspace.name());
    }
    List<Shard> staying = topology.shards().stream().filter(s -> !s.equals(leaving)).toList();
    return topology.withShards(staying);
  }
}
