package io.ringmaster.cluster.topology;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Slots of a keyspace get another owner.
 *
 * @param keyspace name of the keyspace
 * @param slots what changes hands
 * @param shard id of the new owner
 */
public record AssignSlots(String keyspace, List<SlotRange> slots, String shard)
    implements TopologyChange {

  public AssignSlots {
    slots = List.copyOf(slots);
  }

  /** The changes, one for each receiving shard, after which {@code keyspace} has these slots. */
  public static List<TopologyChange> toReach(SlotTable target, Keyspace keyspace) {
    List<TopologyChange> changes = new ArrayList<>();
    keyspace
        .slots()
        .movesTo(target)
        .forEach((shard, slots) -> changes.add(new AssignSlots(keyspace.name(), slots, shard)));
    return List.copyOf(changes);
  }

  @Override
  public Topology applyTo(Topology topology) {
    Keyspace changed = topology.requireKeyspace(keyspace);
    topology.requireShard(shard);
    return topology.withKeyspace(changed.definition(), changed.slots().assign(slots, shard));
  }
}
