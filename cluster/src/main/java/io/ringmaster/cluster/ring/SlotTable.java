package io.ringmaster.cluster.ring;

import io.ringmaster.protocol.KeySlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The owner of each slot, by the shard's id; a slot has one owner or none. Immutable. */
public final class SlotTable {

  private static final SlotTable EMPTY = new SlotTable(new @Nullable String[KeySlot.COUNT]);

  private final @Nullable String[] owners;

  /** Takes the array over. */
  SlotTable(@Nullable String[] owners) {
    this.owners = owners;
  }

  /** The table in which no slot has an owner. */
  public static SlotTable empty() {
    return EMPTY;
  }

  /** The table in which these slots belong to these shards, by id, and no others to any. */
  public static SlotTable of(Map<String, List<SlotRange>> slots) {
    @Nullable String[] owners = new @Nullable String[KeySlot.COUNT];
    slots.forEach(
        (shard, ranges) ->
            ranges.forEach(r -> Arrays.fill(owners, r.first(), r.last() + 1, shard)));
    return new SlotTable(owners);
  }

  /** The shard that owns {@code slot}. */
  public Optional<String> owner(int slot) {
    return Optional.ofNullable(owners[slot]);
  }

  /** The first slot after {@code slot} that has another owner, or {@link KeySlot#COUNT}. */
  public int endOfRun(int slot) {
    String owner = owners[slot];
    int end = slot + 1;
    while (end < owners.length && Objects.equals(owner, owners[end])) {
      end++;
    }
    return end;
  }

  /** Whether each slot has an owner. */
  public boolean isComplete() {
    return Arrays.stream(owners).allMatch(Objects::nonNull);
  }

  /** Returns the number of slots of each shard that owns any, in the order of the ids. */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (String owner : owners) {
      if (owner != null) {
        counts.merge(owner, 1, Integer::sum);
      }
    }
    return Collections.unmodifiableMap(counts);
  }

  /** Returns the number of slots that {@code shard} owns. */
  public int count(String shard) {
    return counts().getOrDefault(shard, 0);
  }

  /** The slots of {@code shard}, ascending, in as few ranges as possible. */
  public List<SlotRange> slotsOf(String shard) {
    List<SlotRange> ranges = new ArrayList<>();
    int slot = 0;
    while (slot < owners.length) {
      int end = endOfRun(slot);
      if (shard.equals(owners[slot])) {
        ranges.add(new SlotRange(slot, end - 1));
      }
      slot = end;
    }
    return List.copyOf(ranges);
  }

  /**
   * Returns the slots of each shard that owns any, in the order of the ids, in as few ranges as
   * possible.
   */
  public Map<String, List<SlotRange>> slotsByShard() {
    Map<String, List<SlotRange>> byShard = new TreeMap<>();
    int slot = 0;
    while (slot < owners.length) {
      int first = slot;
      String owner = owners[first];
      slot = endOfRun(first);
      if (owner != null) {
        byShard
            .computeIfAbsent(owner, any -> new ArrayList<>())
            .add(new SlotRange(first, slot - 1));
      }
    }
    byShard.replaceAll((shard, ranges) -> List.copyOf(ranges));
    return Collections.unmodifiableMap(byShard);
  }

  /** Returns the same table, but with {@code slots} given to {@code shard}. */
  public SlotTable assign(List<SlotRange> slots, String shard) {
    @Nullable String[] changed = owners.clone();
    for (SlotRange range : slots) {
      Arrays.fill(changed, range.first(), range.last() + 1, shard);
    }
    return new SlotTable(changed);
  }

  /**
   * Returns the slots that must be assigned, and to which shard, to make {@code target} of this
   * table.
   */
  public Map<String, List<SlotRange>> movesTo(SlotTable target) {
    @Nullable String[] arriving = target.owners.clone();
    for (int slot = 0; slot < arriving.length; slot++) {
      if (Objects.equals(owners[slot], arriving[slot])) {
        arriving[slot] = null;
      }
    }
    return new SlotTable(arriving).slotsByShard();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SlotTable table && Arrays.equals(owners, table.owners);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(owners);
  }

  /** Each owner with the number of its slots. */
  @Override
  public String toString() {
    return counts().toString();
  }
}
