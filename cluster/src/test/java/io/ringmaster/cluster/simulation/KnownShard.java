package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.KeySlot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a proxy knows of the shard, and the topology of it alone, made when it is asked for. */
final class KnownShard {

  private static final SlotTable ALL_SLOTS =
      SlotTable.of(Map.of("s1", List.of(new SlotRange(0, KeySlot.COUNT - 1))));

  /** All slots are the one shard's. */
  static final Map<KeyspaceDefinition, SlotTable> SLOTS =
      Map.of(KeyspaceDefinition.ofDefault(), ALL_SLOTS);

  private Shard shard;
  private @Nullable Topology topology;

  KnownShard(Shard shard) {
    this.shard = shard;
  }

  Shard shard() {
    return shard;
  }

  /** Whether {@code one} is from before {@code other}; what follows from each other is the same. */
  static boolean isOlder(Shard one, Shard other) {
    return Comparator.comparingLong(Shard::epoch)
            .thenComparingLong(Shard::turned)
            .thenComparing(Shard::state)
            .compare(one, other)
        < 0;
  }

  /** Whether {@code other} was news. */
  boolean learn(Shard other) {
    if (!isOlder(shard, other)) {
      return false;
    }
    shard = other;
    topology = null;
    return true;
  }

  Topology topology() {
    Topology present = topology;
    if (present == null) {
      present = Topology.restored(shard.epoch(), List.of(shard), SLOTS);
      topology = present;
    }
    return present;
  }
}
