package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.KeySlot;
import java.util.List;
import java.util.Map;

/** The newest topology that somebody knows. It has one shard, to which all slots belong. */
final class KnownTopology {

  private static final SlotTable ALL_SLOTS =
      SlotTable.of(Map.of("s1", List.of(new SlotRange(0, KeySlot.COUNT - 1))));

  /** All slots are the one shard's. */
  static final Map<KeyspaceDefinition, SlotTable> SLOTS =
      Map.of(KeyspaceDefinition.ofDefault(), ALL_SLOTS);

  private Topology topology;

  KnownTopology(Topology topology) {
    this.topology = topology;
  }

  static Topology of(long epoch, Shard shard) {
    return Topology.restored(epoch, List.of(shard), SLOTS);
  }

  Topology topology() {
    return topology;
  }

  Shard shard() {
    return topology.shards().getFirst();
  }

  /** Whether {@code other} was news. */
  boolean learn(Topology other) {
    if (other.epoch() <= topology.epoch()) {
      return false;
    }
    topology = other;
    return true;
  }
}
