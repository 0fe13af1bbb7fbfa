package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import io.ringmaster.cluster.ring.Placement;
import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.protocol.KeySlot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys that share a prefix, with their policy and their own owner for each slot. Part of one
 * {@link Topology}; immutable.
 */
public final class Keyspace {

  private final KeyspaceDefinition definition;
  private final SlotTable slots;
  private final List<Shard> shards;
  private final byte[] prefix;
  private final Shard[] owners;
  private final OwnerTable ownerBySlot;

  Keyspace(KeyspaceDefinition definition, SlotTable slots, Map<String, Shard> known) {
    this.definition = definition;
    this.slots = slots;
    this.shards = used(definition, known);
    this.prefix = definition.prefix().getBytes(StandardCharsets.UTF_8);
    this.owners = known.values().toArray(Shard[]::new);
    this.ownerBySlot = new OwnerTable(owners.length);
    int slot = 0;
    while (slot < KeySlot.COUNT) {
      int end = slots.endOfRun(slot);
      ownerBySlot.assign(slot, end, owner(slot, known).index());
      slot = end;
    }
  }

  /** A new keyspace, its slots placed by the ring over those of the known shards that it uses. */
  static Keyspace placed(KeyspaceDefinition definition, Map<String, Shard> known) {
    Map<String, Integer> weights = weights(used(definition, known));
    return new Keyspace(definition, Placement.of(SlotTable.empty(), weights), known);
  }

  /** Returns the same slots over other shards; shards that are gone leave the definition. */
  Keyspace over(Map<String, Shard> known) {
    return new Keyspace(definition.restrictedTo(known.keySet()), slots, known);
  }

  /** The shard that owns {@code slot}: two array reads. */
  public Shard shardOf(int slot) {
    return owners[ownerBySlot.owner(slot)];
  }

  /** Returns what the operator said about it. */
  public KeyspaceDefinition definition() {
    return definition;
  }

  public String name() {
    return definition.name();
  }

  /** Returns the prefix of its keys; empty for the default keyspace. */
  public String prefix() {
    return definition.prefix();
  }

  public PolicyName policy() {
    return definition.policy();
  }

  public Consistency consistency() {
    return definition.consistency();
  }

  /** The shards that may own its slots, in the topology's order. */
  public List<Shard> shards() {
    return shards;
  }

  /** The owner of each slot, by id. */
  public SlotTable slots() {
    return slots;
  }

  /** The slots of {@code shard} here, ascending. */
  public List<SlotRange> slotsOf(Shard shard) {
    return slots.slotsOf(shard.id());
  }

  /** Returns how many slots {@code shard} owns here. */
  public int slotCount(Shard shard) {
    return slots.count(shard.id());
  }

  /**
   * Returns where the slots should be now; equal to {@link #slots()} when nothing needs to move.
   */
  public SlotTable proposedSlots() {
    return Placement.of(slots, weights(shards));
  }

  int prefixLength() {
    return prefix.length;
  }

  boolean holds(byte[] key, int offset, int length) {
    return length >= prefix.length
        && Arrays.equals(key, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  private static List<Shard> used(KeyspaceDefinition definition, Map<String, Shard> known) {
    for (String id : definition.shards()) {
      require(known.containsKey(id), "keyspace " + definition.name() + " uses unknown shard " + id);
    }
    return known.values().stream().filter(definition::uses).toList();
  }

  private static Map<String, Integer> weights(List<Shard> shards) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    shards.forEach(shard -> weights.put(shard.id(), shard.weight()));
    return weights;
  }

  private Shard owner(int slot, Map<String, Shard> known) {
    String id = slots.owner(slot).orElse("nobody");
    Shard owner = known.get(id);
    if (owner == null || !definition.uses(owner)) {
      throw new InvalidTopologyException(
          "keyspace " + name() + ": slot " + slot + " cannot be owned by " + id);
    }
    return owner;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Keyspace keyspace
        && definition.equals(keyspace.definition)
        && shards.equals(keyspace.shards)
        && slots.equals(keyspace.slots);
  }

  @Override
  public int hashCode() {
    return Objects.hash(definition, slots);
  }

  @Override
  public String toString() {
    return "Keyspace[" + definition + ", " + slots + "]";
  }
}
