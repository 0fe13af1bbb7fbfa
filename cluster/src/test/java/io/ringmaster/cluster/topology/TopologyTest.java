package io.ringmaster.cluster.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.protocol.KeySlot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopologyTest {

  private static final KeyspaceDefinition CACHE = keyspace("cache", "cache:", "s1", "s3");
  private static final KeyspaceDefinition CACHE_HOT = keyspace("hot", "cache:hot:");

  private final Topology topology =
      Topology.initial(
          List.of(shard("s1", 1), shard("s2", 2), shard("s3", 3)), List.of(CACHE, CACHE_HOT));

  @Test
  void startsAtEpochOneWithDenseIndexes() {
    assertThat(topology.epoch()).isEqualTo(1);
    assertThat(topology.shards()).extracting(Shard::id).containsExactly("s1", "s2", "s3");
    assertThat(topology.shards()).extracting(Shard::index).containsExactly(0, 1, 2);
  }

  @Test
  void alwaysHasTheDefaultKeyspace() {
    Topology plain = Topology.initial(List.of(shard("s1", 1)));
    assertThat(plain.hasOnlyDefaultKeyspace()).isTrue();
    assertThat(plain.defaultKeyspace().prefix()).isEmpty();
    assertThat(topology.hasOnlyDefaultKeyspace()).isFalse();
    assertThat(topology.keyspaces())
        .extracting(Keyspace::name)
        .containsExactly("default", "cache", "hot");
  }

  @Test
  void keepsTheDefaultKeyspaceThatWasConfigured() {
    KeyspaceDefinition onlyTwo = keyspace(KeyspaceDefinition.DEFAULT_NAME, "", "s1", "s2");
    Topology narrow =
        Topology.initial(
            List.of(shard("s1", 1), shard("s2", 2), shard("s3", 3)), List.of(CACHE, onlyTwo));
    assertThat(narrow.defaultKeyspace().definition()).isEqualTo(onlyTwo);
    assertThat(narrow.defaultKeyspace().shards()).extracting(Shard::id).containsExactly("s1", "s2");
  }

  @Test
  void findsTheKeyspaceWithTheLongestPrefix() {
    assertThat(keyspaceOf("cache:hot:x")).isEqualTo("hot");
    assertThat(keyspaceOf("cache:hot:")).isEqualTo("hot");
    assertThat(keyspaceOf("cache:hot")).isEqualTo("cache");
    assertThat(keyspaceOf("cache")).isEqualTo("default");
    assertThat(keyspaceOf("")).isEqualTo("default");
  }

  @Test
  void readsKeysInsideLargerBuffers() {
    byte[] buffer = "GET cache:1 cache:hot:".getBytes(UTF_8);
    assertThat(topology.keyspaceOf(buffer, 4, 7).name()).isEqualTo("cache");
    assertThat(topology.keyspaceOf(buffer, 4, 5).name()).isEqualTo("default");
    assertThat(topology.keyspaceOf(buffer, 12, 10).name()).isEqualTo("hot");
  }

  @Test
  void usesInAKeyspaceOnlyItsShards() {
    Keyspace cache = topology.keyspaces().get(1);
    assertThat(cache.slots().counts().keySet()).containsExactlyInAnyOrder("s1", "s3");
    assertThat(cache.shardOf(42)).isIn(topology.shards().get(0), topology.shards().get(2));
  }

  @Test
  void countsSlotsAndRangesAlike() {
    for (Keyspace keyspace : topology.keyspaces()) {
      int slots = 0;
      for (Shard shard : topology.shards()) {
        int count = keyspace.slotCount(shard);
        assertThat(keyspace.slotsOf(shard).stream().mapToInt(SlotRange::size).sum())
            .isEqualTo(count);
        slots += count;
      }
      assertThat(slots).isEqualTo(KeySlot.COUNT);
    }
  }

  @Test
  void isRestoredFromItsParts() {
    Topology changed =
        topology.apply(new AssignSlots("cache", List.of(new SlotRange(3, 700)), "s3"));
    Map<KeyspaceDefinition, SlotTable> keyspaces = new LinkedHashMap<>();
    for (Keyspace keyspace : changed.keyspaces()) {
      keyspaces.put(keyspace.definition(), SlotTable.of(keyspace.slots().slotsByShard()));
    }

    assertThat(Topology.restored(changed.epoch(), changed.shards(), keyspaces)).isEqualTo(changed);
    keyspaces.remove(changed.defaultKeyspace().definition());
    assertThatThrownBy(() -> Topology.restored(2, changed.shards(), keyspaces))
        .isInstanceOf(InvalidTopologyException.class)
        .hasMessageContaining("default keyspace");
  }

  @Test
  void isAValue() {
    Topology same =
        Topology.initial(
            List.of(shard("s1", 1), shard("s2", 2), shard("s3", 3)), List.of(CACHE, CACHE_HOT));
    assertThat(same).isEqualTo(topology).hasSameHashCodeAs(topology);
    assertThat(topology.apply(new SetWeight("s1", 2))).isNotEqualTo(topology);
  }

  @Test
  void placesTheLeaderFirst() {
    Node leader = Node.leader(NodeId.parse("b:1"));
    Node replica = Node.replica(NodeId.parse("a:1"));
    Shard shard = new Shard("s1", 0, 1, List.of(replica, leader), 1);
    assertThat(shard.leader()).isEqualTo(leader);
    assertThat(shard.replicas()).containsExactly(replica);
  }

  @Test
  void refusesWhatCannotBe() {
    refuses("needs a shard");
    refuses("shard s1 exists twice", shard("s1", 1), shard("s1", 2));
    refuses("node h1:6379 is in two shards", shard("s1", 1), shard("s2", 1));
    assertThatThrownBy(() -> Topology.initial(List.of(shard("s1", 1)), List.of(CACHE, CACHE)))
        .isInstanceOf(InvalidTopologyException.class)
        .hasMessageContaining("unknown shard s3");
    assertThatThrownBy(
            () -> Topology.initial(List.of(shard("s1", 1)), List.of(CACHE_HOT, CACHE_HOT)))
        .hasMessageContaining("hot exists twice");
    assertThatThrownBy(() -> keyspace("nameless", "")).hasMessageContaining("empty prefix");
    NodeId node = NodeId.parse("h1:6379");
    assertThatThrownBy(() -> new Shard("s1", 0, 1, List.of(Node.replica(node)), 1))
        .hasMessageContaining("0 leaders");
    assertThatThrownBy(() -> Shard.of("s1", node, node)).hasMessageContaining("twice");
    assertThatThrownBy(() -> Shard.of("s1", node).withWeight(0)).hasMessageContaining("weight 0");
    assertThatThrownBy(() -> Shard.of("s 1", node)).hasMessageContaining("'s 1'");
  }

  private static void refuses(String message, Shard... shards) {
    assertThatThrownBy(() -> Topology.initial(List.of(shards)))
        .isInstanceOf(InvalidTopologyException.class)
        .hasMessageContaining(message);
  }

  private String keyspaceOf(String key) {
    byte[] bytes = key.getBytes(UTF_8);
    return topology.keyspaceOf(bytes, 0, bytes.length).name();
  }

  private static Shard shard(String id, int host) {
    return Shard.of(id, new NodeId("h" + host, 6379), new NodeId("h" + host, 6380));
  }

  private static KeyspaceDefinition keyspace(String name, String prefix, String... shards) {
    return new KeyspaceDefinition(
        name, prefix, PolicyName.LEADER, List.of(shards), Consistency.DEFAULT);
  }
}
