package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of a topology is written down; all else follows from it. */
record WrittenTopology(long epoch, List<Shard> shards, List<WrittenKeyspace> keyspaces) {

  record WrittenKeyspace(KeyspaceDefinition definition, SlotTable slots) {}

  static WrittenTopology of(Topology topology) {
    return new WrittenTopology(
        topology.epoch(),
        topology.shards(),
        topology.keyspaces().stream()
            .map(keyspace -> new WrittenKeyspace(keyspace.definition(), keyspace.slots()))
            .toList());
  }

  Topology restored() {
    Map<KeyspaceDefinition, SlotTable> slots = new LinkedHashMap<>();
    keyspaces.forEach(keyspace -> slots.put(keyspace.definition(), keyspace.slots()));
    return Topology.restored(epoch, shards, slots);
  }
}
