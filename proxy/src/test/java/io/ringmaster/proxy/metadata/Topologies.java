package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Topologies to test with. */
public final class Topologies {

  private Topologies() {}

  /** Shards s1, s2 and so on of three nodes each. */
  public static Topology of(int shards) {
    return Topology.initial(
        IntStream.rangeClosed(1, shards).mapToObj(number -> shard("s" + number, number)).toList());
  }

  /**
   * Epoch 1: 200 shards, and twelve keyspaces in which each slot has another owner than the next.
   */
  public static Topology large() {
    int shards = 200;
    Map<String, List<SlotRange>> slots = new HashMap<>();
    for (int slot = 0; slot < 16384; slot++) {
      slots
          .computeIfAbsent("s" + (1 + slot % shards), id -> new ArrayList<>())
          .add(new SlotRange(slot, slot));
    }
    Map<KeyspaceDefinition, SlotTable> keyspaces = new LinkedHashMap<>();
    keyspaces.put(KeyspaceDefinition.ofDefault(), SlotTable.of(slots));
    for (int number = 1; number < 12; number++) {
      keyspaces.put(
          new KeyspaceDefinition(
              "k" + number, number + ":", PolicyName.LEADER, List.of(), Consistency.DEFAULT),
          SlotTable.of(slots));
    }
    return Topology.restored(1, of(shards).shards(), keyspaces);
  }

  public static Shard shard(String id, int number) {
    return Shard.of(id, node(number, 1), node(number, 2), node(number, 3));
  }

  private static NodeId node(int shard, int node) {
    return new NodeId("10.1." + shard + "." + node, 6379);
  }
}
