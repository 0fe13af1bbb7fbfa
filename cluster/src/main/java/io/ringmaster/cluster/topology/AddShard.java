package io.ringmaster.cluster.topology;

import java.util.ArrayList;
import java.util.List;

/** A new shard, last in order. It owns nothing until slots are assigned to it. */
public record AddShard(Shard shard) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    List<Shard> shards = new ArrayList<>(topology.shards());
    shards.add(shard);
    return topology.withShards(shards);
  }
}
