package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import io.ringmaster.cluster.ring.SlotTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster at one moment: shards with their nodes, keyspaces with the owner of each slot.
 * Immutable and numbered; in each keyspace each slot has exactly one owner. Safe for all threads.
 */
public final class Topology {

  private final long epoch;
  private final Map<String, Shard> shardsById;
  private final List<Shard> shards;
  private final List<Keyspace> keyspaces;
  private final Keyspace defaultKeyspace;
  private final Keyspace[] longestPrefixFirst;
  private final boolean hasStaleReads;

  private Topology(long epoch, Map<String, Shard> shardsById, List<Keyspace> keyspaces) {
    this.epoch = epoch;
    this.shardsById = shardsById;
    this.shards = List.copyOf(shardsById.values());
    this.keyspaces = keyspaces;
    this.longestPrefixFirst =
        keyspaces.stream()
            .sorted(Comparator.comparingInt(Keyspace::prefixLength).reversed())
            .toArray(Keyspace[]::new);
    this.defaultKeyspace = longestPrefixFirst[longestPrefixFirst.length - 1];
    this.hasStaleReads =
        keyspaces.stream().anyMatch(keyspace -> keyspace.consistency().read().mayBeStale());
  }

  /**
   * Epoch 1: these shards, with the default keyspace over all of them.
   *
   * @throws InvalidTopologyException if the shards cannot form a topology
   */
  public static Topology initial(List<Shard> shards) {
    return initial(shards, List.of());
  }

  /**
   * Epoch 1: these shards and keyspaces, all slots placed by the ring. The default keyspace is
   * added if it is not among them. The indexes of the shards are set here.
   *
   * @throws InvalidTopologyException if they cannot form a topology
   */
  public static Topology initial(List<Shard> shards, List<KeyspaceDefinition> definitions) {
    Map<String, Shard> known = index(shards);
    List<KeyspaceDefinition> all = new ArrayList<>(definitions);
    if (all.stream().noneMatch(definition -> definition.prefix().isEmpty())) {
      all.addFirst(KeyspaceDefinition.ofDefault());
    }
    List<Keyspace> keyspaces =
        all.stream().map(definition -> Keyspace.placed(definition, known)).toList();
    return new Topology(1, known, distinct(keyspaces));
  }

  /**
   * A topology as it was when its parts were written down. The indexes of the shards are set here.
   *
   * @param keyspaces the owner of each slot, by keyspace, in the order of {@link #keyspaces()}
   * @throws InvalidTopologyException if they cannot form a topology
   */
  public static Topology restored(
      long epoch, List<Shard> shards, Map<KeyspaceDefinition, SlotTable> keyspaces) {
    require(epoch >= 1, "epoch " + epoch);
    require(
        keyspaces.keySet().stream().anyMatch(definition -> definition.prefix().isEmpty()),
        "a topology needs the default keyspace");
    Map<String, Shard> known = index(shards);
    List<Keyspace> restored = new ArrayList<>();
    keyspaces.forEach((definition, slots) -> restored.add(new Keyspace(definition, slots, known)));
    return new Topology(epoch, known, distinct(restored));
  }

  /** The number of this topology; each change raises it by one. */
  public long epoch() {
    return epoch;
  }

  /** All shards; {@link Shard#index()} is the place in this list. */
  public List<Shard> shards() {
    return shards;
  }

  /** The shard of this id. */
  public Optional<Shard> shard(String id) {
    return Optional.ofNullable(shardsById.get(id));
  }

  /** The shard that owns {@code slot} in the default keyspace. */
  public Shard shardOf(int slot) {
    return defaultKeyspace.shardOf(slot);
  }

  /** Whether {@link #shardOf} answers for every key. */
  public boolean hasOnlyDefaultKeyspace() {
    return longestPrefixFirst.length == 1;
  }

  /** Whether a keyspace is read, unless clients wish otherwise, where writes may be missing. */
  public boolean hasStaleReads() {
    return hasStaleReads;
  }

  /**
   * The keyspace of the key in {@code length} bytes from {@code offset}: the longest prefix wins.
   */
  public Keyspace keyspaceOf(byte[] key, int offset, int length) {
    for (Keyspace keyspace : longestPrefixFirst) {
      if (keyspace.holds(key, offset, length)) {
        return keyspace;
      }
    }
    return defaultKeyspace;
  }

  /** All keyspaces, in the order in which they were defined. */
  public List<Keyspace> keyspaces() {
    return keyspaces;
  }

  /** The keyspace with the empty prefix. */
  public Keyspace defaultKeyspace() {
    return defaultKeyspace;
  }

  /**
   * The next topology.
   *
   * @throws InvalidTopologyException if the change cannot be made to this one
   */
  public Topology apply(TopologyChange change) {
    return change.applyTo(this);
  }

  /** Returns where the ring puts the slots of a keyspace that does not exist yet. */
  SlotTable placementOf(KeyspaceDefinition definition) {
    return Keyspace.placed(definition, shardsById).slots();
  }

  Shard requireShard(String id) {
    return shard(id).orElseThrow(() -> new InvalidTopologyException("there is no shard " + id));
  }

  Keyspace requireKeyspace(String name) {
    return keyspaces.stream()
        .filter(keyspace -> keyspace.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidTopologyException("there is no keyspace " + name));
  }

  /** The next topology with {@code changed} in the place of the shard of the same id. */
  Topology replace(Shard changed) {
    return withShards(
        shards.stream().map(shard -> shard.id().equals(changed.id()) ? changed : shard).toList());
  }

  /** The next topology with these shards and the slots where they are. */
  Topology withShards(List<Shard> newShards) {
    Map<String, Shard> known = index(newShards);
    List<Keyspace> rebuilt = keyspaces.stream().map(keyspace -> keyspace.over(known)).toList();
    return new Topology(epoch + 1, known, rebuilt);
  }

  /** The next topology, in which the keyspace has these slots; it is added if it is new. */
  Topology withKeyspace(KeyspaceDefinition definition, SlotTable slots) {
    Keyspace changed = new Keyspace(definition, slots, shardsById);
    List<Keyspace> next = new ArrayList<>(keyspaces);
    next.replaceAll(keyspace -> keyspace.name().equals(changed.name()) ? changed : keyspace);
    if (!next.contains(changed)) {
      next.add(changed);
    }
    return new Topology(epoch + 1, shardsById, distinct(next));
  }

  private static Map<String, Shard> index(List<Shard> shards) {
    require(!shards.isEmpty(), "a topology needs a shard");
    Map<String, Shard> known = new LinkedHashMap<>();
    Set<NodeId> nodes = new HashSet<>();
    for (Shard shard : shards) {
      Shard before = known.put(shard.id(), shard.withIndex(known.size()));
      require(before == null, "shard " + shard.id() + " exists twice");
      for (NodeId node : shard.claimed()) {
        require(nodes.add(node), "node " + node + " is in two shards");
      }
    }
    return Collections.unmodifiableMap(known);
  }

  private static List<Keyspace> distinct(List<Keyspace> keyspaces) {
    Set<String> names = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    for (Keyspace keyspace : keyspaces) {
      require(names.add(keyspace.name()), "keyspace " + keyspace.name() + " exists twice");
      require(
          prefixes.add(keyspace.prefix()),
          "two keyspaces have the prefix '" + keyspace.prefix() + "'");
    }
    return List.copyOf(keyspaces);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Topology topology
        && epoch == topology.epoch
        && shards.equals(topology.shards)
        && keyspaces.equals(topology.keyspaces);
  }

  @Override
  public int hashCode() {
    return Objects.hash(epoch, shards, keyspaces);
  }

  @Override
  public String toString() {
    return "Topology[epoch=" + epoch + ", shards=" + shards + ", keyspaces=" + keyspaces + "]";
  }
}
