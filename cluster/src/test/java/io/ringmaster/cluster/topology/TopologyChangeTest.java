package io.ringmaster.cluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.protocol.KeySlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopologyChangeTest {

  private static final NodeId LEADER = NodeId.parse("h1:1");
  private static final NodeId REPLICA = NodeId.parse("h1:2");
  private static final NodeId STRANGER = NodeId.parse("h9:1");

  private final Topology topology =
      Topology.initial(
          List.of(Shard.of("s1", LEADER, REPLICA), Shard.of("s2", NodeId.parse("h2:1"))));

  @Test
  void addsAShardThatOwnsNothingYet() {
    Topology next = topology.apply(new AddShard(Shard.of("s3", STRANGER)));
    assertThat(next.epoch()).isEqualTo(2);
    Shard added = next.shard("s3").orElseThrow();
    assertThat(added.index()).isEqualTo(2);
    assertThat(next.defaultKeyspace().slotCount(added)).isZero();
    assertThat(next.defaultKeyspace().slots()).isEqualTo(topology.defaultKeyspace().slots());
  }

  @Test
  void assignsSlots() {
    SlotRange range = new SlotRange(100, 199);
    Topology next = topology.apply(new AssignSlots("default", List.of(range), "s2"));
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      boolean moved = slot >= 100 && slot <= 199;
      String expected = moved ? "s2" : topology.shardOf(slot).id();
      assertThat(next.shardOf(slot).id()).isEqualTo(expected);
    }
  }

  @Test
  void removesAShardThatOwnsNothingMore() {
    Topology emptied = topology.apply(new AssignSlots("default", List.of(SlotRange.all()), "s2"));
    Topology next = emptied.apply(new RemoveShard("s1"));
    assertThat(next.shards()).extracting(Shard::id).containsExactly("s2");
    assertThat(next.shardOf(0).index()).isZero();
  }

  @Test
  void removesTheShardFromTheKeyspacesThatNameIt() {
    KeyspaceDefinition both =
        new KeyspaceDefinition(
            "both", "b:", PolicyName.LEADER, List.of("s1", "s2"), Consistency.DEFAULT);
    Topology next =
        topology
            .apply(AddKeyspace.placed(both, topology))
            .apply(new AssignSlots("default", List.of(SlotRange.all()), "s2"))
            .apply(new AssignSlots("both", List.of(SlotRange.all()), "s2"))
            .apply(new RemoveShard("s1"));
    assertThat(next.keyspaces().get(1).definition().shards()).containsExactly("s2");
  }

  @Test
  void raisesTheEpochOfTheShardWhenItsNodesChange() {
    Topology grown = topology.apply(new AddNode("s1", STRANGER));
    assertThat(shard(grown).nodes()).hasSize(3).contains(Node.replica(STRANGER));
    assertThat(shard(grown).epoch()).isEqualTo(2);
    Topology shrunk = grown.apply(new RemoveNode("s1", REPLICA));
    assertThat(shard(shrunk).has(REPLICA)).isFalse();
    assertThat(shard(shrunk).epoch()).isEqualTo(3);
    assertThat(shrunk.epoch()).isEqualTo(3);
    assertThat(shrunk.shardOf(0)).isIn(shrunk.shards());
  }

  @Test
  void givesAFencedShardItsNextLeader() {
    Topology fenced = topology.apply(new FenceShard("s1", 5, false));
    assertThat(shard(fenced).state()).isEqualTo(ShardState.FENCED);
    assertThat(shard(fenced).epoch()).isEqualTo(5);

    Topology promoted = fenced.apply(new PromoteLeader("s1", 5, REPLICA, "run 1"));
    assertThat(shard(promoted).state()).isEqualTo(ShardState.PROMOTED);
    assertThat(shard(promoted).leader().id()).isEqualTo(REPLICA);
    assertThat(shard(promoted).replicas()).containsExactly(Node.replica(LEADER));
    assertThat(shard(promoted).isAdmitted(REPLICA, "run 1")).isTrue();

    Topology serving = promoted.apply(new ServeShard("s1", 5, Map.of()));
    assertThat(shard(serving).isServing()).isTrue();
    assertThat(shard(serving).isAdmitted(LEADER, "run 2")).isFalse();

    Topology admitted = serving.apply(new AdmitNode("s1", 5, LEADER, "run 2"));
    assertThat(shard(admitted).isAdmitted(LEADER, "run 2")).isTrue();
    assertThat(shard(admitted).epoch()).isEqualTo(5);

    Topology forced = admitted.apply(new FenceShard("s1", 6, true));
    assertThat(shard(forced).state()).isEqualTo(ShardState.FORCED);
    assertThat(shard(forced).runs()).isEqualTo(Map.of(REPLICA, "run 1", LEADER, "run 2"));
    assertThat(shard(forced.apply(new PromoteLeader("s1", 6, LEADER, "run 3"))).runs())
        .isEqualTo(Map.of(REPLICA, "run 1", LEADER, "run 3"));
  }

  @Test
  void refusesStepsOfAnotherEpoch() {
    Topology fenced = topology.apply(new FenceShard("s1", 5, false));
    Topology promoted = fenced.apply(new PromoteLeader("s1", 5, LEADER, "run"));

    refuses(fenced, "shard s1 has begun epoch 5", new FenceShard("s1", 5, false));
    refuses(fenced, "s1 is FENCED in epoch 5", new PromoteLeader("s1", 4, LEADER, "run"));
    refuses(fenced, "s1 is FENCED in epoch 5", new ServeShard("s1", 5, Map.of()));
    refuses(fenced, "h9:1 is not in shard s1", new PromoteLeader("s1", 5, STRANGER, "run"));
    refuses(promoted, "s1 is PROMOTED in epoch 5", new PromoteLeader("s1", 5, LEADER, "run"));
    refuses(promoted, "s1 is PROMOTED in epoch 5", new AdmitNode("s1", 5, LEADER, "run"));
    refuses(promoted, "h9:1 is not in", new ServeShard("s1", 5, Map.of(STRANGER, "run")));
  }

  @Test
  void forgetsTheRunOfANodeThatLeaves() {
    Topology next =
        topology
            .apply(new FenceShard("s1", 2, false))
            .apply(new PromoteLeader("s1", 2, LEADER, "run"))
            .apply(new ServeShard("s1", 2, Map.of(REPLICA, "other")))
            .apply(new RemoveNode("s1", REPLICA));
    assertThat(shard(next).runs()).isEqualTo(Map.of(LEADER, "run"));
  }

  @Test
  void changesAWeightWithoutMovingSlots() {
    Topology next = topology.apply(new SetWeight("s1", 3));
    assertThat(shard(next).weight()).isEqualTo(3);
    assertThat(shard(next).epoch()).isEqualTo(1);
    assertThat(next.defaultKeyspace().slots()).isEqualTo(topology.defaultKeyspace().slots());
    assertThat(next.defaultKeyspace().proposedSlots().count("s1")).isEqualTo(12288);
  }

  @Test
  void proposesNothingAtTheTarget() {
    Keyspace keyspace = topology.defaultKeyspace();
    assertThat(AssignSlots.toReach(keyspace.proposedSlots(), keyspace)).isEmpty();
  }

  @Test
  void refusesWhatCannotBeDone() {
    refuses("there is no shard s9", new RemoveShard("s9"));
    refuses("there is no shard s9", new SetWeight("s9", 1));
    refuses("there is no shard s9", new AssignSlots("default", List.of(), "s9"));
    refuses("there is no keyspace nowhere", new AssignSlots("nowhere", List.of(), "s1"));
    refuses("still owns 8192 slots of keyspace default", new RemoveShard("s1"));
    refuses("shard s1 exists twice", new AddShard(Shard.of("s1", STRANGER)));
    refuses("h1:1 is in two shards", new AddShard(Shard.of("s3", LEADER)));
    refuses("h1:1 is in two shards", new AddNode("s2", LEADER));
    refuses("lists a node twice", new AddNode("s1", REPLICA));
    refuses("h9:1 is not in shard s1", new RemoveNode("s1", STRANGER));
    refuses("h1:1 is the leader of shard s1", new RemoveNode("s1", LEADER));
    refuses("weight 0", new SetWeight("s1", 0));
  }

  @Test
  void refusesKeyspacesThatCannotBe() {
    KeyspaceDefinition one =
        new KeyspaceDefinition("k", "k:", PolicyName.LEADER, List.of("s1"), Consistency.DEFAULT);
    KeyspaceDefinition other =
        new KeyspaceDefinition("o", "k:", PolicyName.LEADER, List.of(), Consistency.DEFAULT);
    refuses("slot 0 cannot be owned by nobody", new AddKeyspace(one, SlotTable.empty()));
    SlotTable foreign = SlotTable.empty().assign(List.of(SlotRange.all()), "s2");
    refuses("slot 0 cannot be owned by s2", new AddKeyspace(one, foreign));
    AddKeyspace add = AddKeyspace.placed(one, topology);
    Topology next = topology.apply(add);
    refuses(next, "keyspace k exists", add);
    refuses(next, "two keyspaces have the prefix 'k:'", AddKeyspace.placed(other, next));
    refuses(
        next, "cannot be owned by s2", new AssignSlots("k", List.of(new SlotRange(7, 7)), "s2"));
  }

  @Test
  void keepsEverySlotOwnedOnceWhateverIsApplied() {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      Topology current = topology;
      for (int step = 0; step < 150; step++) {
        TopologyChange change = randomChange(current, random);
        String context = "seed " + seed + ", step " + step + ", " + change;
        try {
          Topology next = current.apply(change);
          assertThat(next.epoch()).as(context).isEqualTo(current.epoch() + 1);
          current = next;
        } catch (InvalidTopologyException refused) {
          assertThat(refused).as(context).hasMessageMatching("[\\s\\S]{10,}");
        }
        assertEverySlotIsOwnedOnce(context, current);
      }
    }
  }

  @Test
  void reachesTheProposedPlacementAfterAddingAShard() {
    Topology grown = topology.apply(new AddShard(Shard.of("s3", STRANGER)));
    Keyspace before = grown.defaultKeyspace();
    SlotTable target = before.proposedSlots();
    List<TopologyChange> moves = AssignSlots.toReach(target, before);
    assertThat(moves).hasSize(1);
    Topology after = grown.apply(moves.getFirst());
    assertThat(after.defaultKeyspace().slots()).isEqualTo(target);
    assertThat(target.count("s3")).isBetween(5461, 5462);
  }

  private static void assertEverySlotIsOwnedOnce(String context, Topology topology) {
    for (Keyspace keyspace : topology.keyspaces()) {
      int[] counts = new int[topology.shards().size()];
      for (int slot = 0; slot < KeySlot.COUNT; slot++) {
        Shard owner = keyspace.shardOf(slot);
        if (!topology.shards().get(owner.index()).equals(owner)) {
          throw new AssertionError(context + ": slot " + slot + " has an owner of old");
        }
        counts[owner.index()]++;
      }
      for (Shard shard : topology.shards()) {
        assertThat(keyspace.slotCount(shard)).as(context).isEqualTo(counts[shard.index()]);
      }
    }
  }

  private static TopologyChange randomChange(Topology topology, Random random) {
    String shard = "s" + random.nextInt(8);
    NodeId node = new NodeId("h" + random.nextInt(8), 1 + random.nextInt(3));
    List<Keyspace> keyspaces = topology.keyspaces();
    Keyspace keyspace = keyspaces.get(random.nextInt(keyspaces.size()));
    return switch (random.nextInt(8)) {
      case 0 -> new AddShard(Shard.of(shard, node));
      case 1 -> new RemoveShard(shard);
      case 2 -> new SetWeight(shard, random.nextInt(5));
      case 3 -> new AddNode(shard, node);
      case 4 -> new RemoveNode(shard, node);
      case 5 -> new FenceShard(shard, random.nextInt(9), random.nextBoolean());
      case 6 -> {
        int number = random.nextInt(4);
        KeyspaceDefinition definition =
            new KeyspaceDefinition(
                "k" + number,
                "k" + number,
                PolicyName.LEADER,
                randomShards(topology, random),
                Consistency.DEFAULT);
        yield AddKeyspace.placed(definition, topology);
      }
      default -> {
        int first = random.nextInt(KeySlot.COUNT);
        SlotRange range = new SlotRange(first, first + random.nextInt(KeySlot.COUNT - first));
        List<SlotRange> slots = random.nextBoolean() ? List.of(SlotRange.all()) : List.of(range);
        yield new AssignSlots(keyspace.name(), slots, shard);
      }
    };
  }

  private static List<String> randomShards(Topology topology, Random random) {
    List<String> some = new ArrayList<>(topology.shards().stream().map(Shard::id).toList());
    some.removeIf(id -> random.nextBoolean());
    return some;
  }

  private static Shard shard(Topology topology) {
    return topology.shard("s1").orElseThrow();
  }

  private void refuses(String message, TopologyChange change) {
    refuses(topology, message, change);
  }

  private static void refuses(Topology topology, String message, TopologyChange change) {
    assertThatThrownBy(() -> topology.apply(change))
        .isInstanceOf(InvalidTopologyException.class)
        .hasMessageContaining(message);
  }
}
