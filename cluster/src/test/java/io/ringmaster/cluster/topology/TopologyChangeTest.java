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
import java.util.stream.Stream;
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

  /** The shard s1 serves in epoch 2, and both of its nodes were admitted. */
  private Topology served() {
    return topology
        .apply(new FenceShard("s1", 2, false))
        .apply(new PromoteLeader("s1", 2, LEADER, "run"))
        .apply(new ServeShard("s1", 2, Map.of(REPLICA, "other")));
  }

  private static PlanReconfiguration plan(NodeId... nodes) {
    return new PlanReconfiguration("s1", 2, List.of(nodes));
  }

  @Test
  void takesTheNodesThatWerePlannedWhenItIsHandedOver() {
    Topology planned = served().apply(plan(REPLICA, LEADER, STRANGER));
    assertThat(shard(planned).has(STRANGER)).isFalse();

    Topology held = planned.apply(new PauseShard("s1", 2));
    assertThat(shard(held).isServing()).isFalse();
    assertThat(shard(held).epoch()).isEqualTo(2);

    Shard next = shard(handedOver(held, REPLICA, "other"));
    assertThat(next.epoch()).isEqualTo(3);
    assertThat(next.state()).isEqualTo(ShardState.PROMOTED);
    assertThat(next.leader().id()).isEqualTo(REPLICA);
    assertThat(next.has(STRANGER)).isTrue();
    assertThat(next.incarnations()).isEqualTo(Map.of(LEADER, "run", REPLICA, "other"));
    assertThat(next.pending()).isEmpty();
  }

  /** It is held, and the nodes that were planned are the next ones. */
  private static Topology handedOver(Topology held, NodeId leader, String run) {
    Shard shard = shard(held);
    return held.apply(new HandOver("s1", shard.epoch(), shard.pauseEpoch(), leader, run));
  }

  @Test
  void isNotHandedOverByWhatWasSeenBeforeItWasHeldLast() {
    Topology held = served().apply(plan(REPLICA, LEADER)).apply(new PauseShard("s1", 2));
    Topology again =
        held.apply(new ResumeShard("s1", 2))
            .apply(plan(REPLICA, LEADER))
            .apply(new PauseShard("s1", 2));
    long before = shard(held).pauseEpoch();
    assertThat(shard(again).pauseEpoch()).isEqualTo(again.epoch());
    refuses(
        again,
        "s1 is paused since %d, not %d".formatted(again.epoch(), before),
        new HandOver("s1", 2, before, REPLICA, "other"));
    refuses(
        held, "h9:1 is not planned for shard s1", new HandOver("s1", 2, before, STRANGER, "run"));
  }

  @Test
  void isNotHeldWithoutAPlan() {
    refuses(served(), "nothing is planned for shard s1", new PauseShard("s1", 2));
  }

  @Test
  void isStoppedByHandingItOverToNobody() {
    Topology held = served().apply(plan(REPLICA, LEADER)).apply(new StopShard("s1", 2));
    assertThat(shard(held).pending()).isEmpty();
    refuses(held, "s1 is just being handed over or stopped", plan(REPLICA));
    long pauseEpoch = shard(held).pauseEpoch();
    refuses(held, "h1:1 is not planned", new HandOver("s1", 2, pauseEpoch, LEADER, "run"));

    Topology stopped = held.apply(new QuiesceShard("s1", 2, pauseEpoch, 2, 7));
    Shard resting = shard(stopped);
    assertThat(resting.epoch()).isEqualTo(3);
    assertThat(resting.state()).isEqualTo(ShardState.STOPPED);
    assertThat(resting.isDurableOn(REPLICA, new MarkerPosition(2, 7))).isTrue();
    assertThat(resting.isDurableOn(REPLICA, new MarkerPosition(2, 6))).isFalse();
    assertThat(resting.isDurableOn(STRANGER, new MarkerPosition(2, 7))).isFalse();

    Topology planned = served().apply(plan(REPLICA, LEADER)).apply(new PauseShard("s1", 2));
    refuses(
        planned,
        "s1 is to be handed over",
        new QuiesceShard("s1", 2, shard(planned).pauseEpoch(), 2, 7));
    Topology fenced = stopped.apply(new FenceShard("s1", 4, false));
    assertThat(shard(fenced).isDurableOn(LEADER, new MarkerPosition(2, 8))).isTrue();
    Topology serving =
        fenced
            .apply(new PromoteLeader("s1", 4, LEADER, "again"))
            .apply(new ServeShard("s1", 4, Map.of()));
    assertThat(shard(serving).durable()).isEmpty();
  }

  @Test
  void isNotStoppedWhileTooFewRemember() {
    Topology held =
        topology
            .apply(new FenceShard("s1", 2, false))
            .apply(new PromoteLeader("s1", 2, LEADER, "run"))
            .apply(new ServeShard("s1", 2, Map.of()))
            .apply(plan(LEADER, REPLICA, STRANGER))
            .apply(new PauseShard("s1", 2));
    Topology alone = handedOver(held, LEADER, "run").apply(new ServeShard("s1", 3, Map.of()));
    refuses(alone, "too few of the nodes of shard s1 remember", new StopShard("s1", 3));
  }

  @Test
  void servesOnIfItIsNotHandedOver() {
    Topology held = served().apply(plan(REPLICA, LEADER)).apply(new PauseShard("s1", 2));
    Shard resumed = shard(held.apply(new ResumeShard("s1", 2)));
    assertThat(resumed.isServing()).isTrue();
    assertThat(resumed.leader().id()).isEqualTo(LEADER);
    assertThat(resumed.pending()).isEmpty();
  }

  @Test
  void aFailoverInBetweenLeavesThePlanAsItIs() {
    Topology planned = served().apply(plan(REPLICA));
    Topology next =
        planned
            .apply(new FenceShard("s1", 3, false))
            .apply(new PromoteLeader("s1", 3, REPLICA, "other"))
            .apply(new ServeShard("s1", 3, Map.of()));
    assertThat(shard(next).pending()).containsExactly(REPLICA);
    assertThat(shard(next).has(LEADER)).isTrue();
  }

  @Test
  void needsAsManySealsAsWhenItServedLast() {
    assertThat(shard(topology.apply(new FenceShard("s1", 2, false))).sealsNeeded()).isEqualTo(1);
    Topology held = served().apply(plan(LEADER, REPLICA, STRANGER)).apply(new PauseShard("s1", 2));
    Topology three = handedOver(held, LEADER, "run");
    assertThat(shard(three).sealsNeeded()).isEqualTo(1);
    Topology serving =
        three.apply(new ServeShard("s1", 3, Map.of(REPLICA, "other", STRANGER, "new")));
    assertThat(shard(serving).sealsNeeded()).isEqualTo(2);
    Topology two =
        handedOver(
            serving
                .apply(new PlanReconfiguration("s1", 3, List.of(LEADER, REPLICA)))
                .apply(new PauseShard("s1", 3)),
            LEADER,
            "run");
    assertThat(shard(two).sealsNeeded()).isEqualTo(2);
  }

  @Test
  void refusesNodesOfWhichTooFewRemember() {
    Topology alone = served().apply(plan(LEADER, REPLICA, STRANGER)).apply(new PauseShard("s1", 2));
    Topology three =
        handedOver(alone, LEADER, "run")
            .apply(new ServeShard("s1", 3, Map.of(REPLICA, "other")))
            .apply(new PlanReconfiguration("s1", 3, List.of(LEADER, STRANGER)))
            .apply(new PauseShard("s1", 3));
    refuses(
        three,
        "too few of the nodes planned for shard s1",
        new HandOver("s1", 3, shard(three).pauseEpoch(), LEADER, "run"));
    Topology forced = three.apply(new FenceShard("s1", 4, true));
    assertThat(shard(forced).has(REPLICA)).isFalse();
    assertThat(shard(forced).has(STRANGER)).isTrue();
  }

  @Test
  void whoIsExcludedCountsForAMajorityButIsNotWaitedForAtLevelAll() {
    Shard three = Shard.of("s3", node("h3:1"), node("h3:2"), node("h3:3"));
    Topology whole = topology.apply(new AddShard(three));
    refuses(whole, "the leader of shard s3 is in sync", new MarkOutOfSync("s3", 1, ids("h3:1")));
    refuses(
        whole,
        "less than a majority of the nodes of shard s3",
        new MarkOutOfSync("s3", 1, ids("h3:2", "h3:3")));
    refuses(whole, "h9:1 is not in shard s3", new MarkOutOfSync("s3", 1, ids("h9:1")));

    Topology out = whole.apply(new MarkOutOfSync("s3", 1, ids("h3:2")));
    Shard shrunken = out.shard("s3").orElseThrow();
    assertThat(shrunken.outOfSync()).containsExactly(node("h3:2"));
    assertThat(shrunken.has(node("h3:2"))).isTrue();
    assertThat(shrunken.writeQuorum(WriteLevel.ALL)).isEqualTo(2);
    assertThat(shrunken.writeQuorum(WriteLevel.QUORUM)).isEqualTo(2);
    assertThat(shrunken.writeQuorum(WriteLevel.DEFAULT)).isEqualTo(2);
    assertThat(shrunken.sealsNeeded()).isEqualTo(three.sealsNeeded());

    Topology back = out.apply(new MarkIntact("s3", 1, node("h3:2"), "run"));
    assertThat(back.shard("s3").orElseThrow().outOfSync()).isEmpty();
  }

  @Test
  void levelAllIsNeverLessThanAMajority() {
    Shard five =
        Shard.of("s5", node("h5:1"), node("h5:2"), node("h5:3"), node("h5:4"), node("h5:5"));
    Topology out =
        topology
            .apply(new AddShard(five))
            .apply(new MarkOutOfSync("s5", 1, ids("h5:4", "h5:5")))
            .apply(new PlanReconfiguration("s5", 1, ids("h5:1", "h5:3", "h5:4", "h5:5")))
            .apply(new FenceShard("s5", 2, true));
    Shard four = out.shard("s5").orElseThrow();
    assertThat(four.outOfSync()).hasSize(2);
    assertThat(four.writeQuorum(WriteLevel.ALL))
        .isEqualTo(four.writeQuorum(WriteLevel.QUORUM))
        .isEqualTo(3);
  }

  @Test
  void whoIsExcludedAndLeadsNextIsInSync() {
    Topology out =
        topology
            .apply(new AddShard(Shard.of("s3", node("h3:1"), node("h3:2"), node("h3:3"))))
            .apply(new MarkOutOfSync("s3", 1, ids("h3:2")))
            .apply(new FenceShard("s3", 2, false))
            .apply(new PromoteLeader("s3", 2, node("h3:2"), "run"));
    assertThat(out.shard("s3").orElseThrow().outOfSync()).isEmpty();
  }

  private static NodeId node(String address) {
    return NodeId.parse(address);
  }

  private static List<NodeId> ids(String... addresses) {
    return Stream.of(addresses).map(NodeId::parse).toList();
  }

  @Test
  void whoHasReturnedWithEverythingIsAdmittedWithTheNextLeader() {
    Topology fenced = topology.apply(new FenceShard("s1", 5, false));
    Map<NodeId, String> returned = Map.of(LEADER, "run 2");
    Topology promoted = fenced.apply(new PromoteLeader("s1", 5, REPLICA, "run 1", returned));
    assertThat(shard(promoted).incarnations()).isEqualTo(Map.of(REPLICA, "run 1", LEADER, "run 2"));
    refuses(
        fenced,
        "h9:1 is not in shard s1",
        new PromoteLeader("s1", 5, REPLICA, "run 1", Map.of(STRANGER, "run 2")));
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
    assertThat(shard(promoted).isIntact(REPLICA, "run 1")).isTrue();

    Topology serving = promoted.apply(new ServeShard("s1", 5, Map.of()));
    assertThat(shard(serving).isServing()).isTrue();
    assertThat(shard(serving).isIntact(LEADER, "run 2")).isFalse();

    Topology admitted = serving.apply(new MarkIntact("s1", 5, LEADER, "run 2"));
    assertThat(shard(admitted).isIntact(LEADER, "run 2")).isTrue();
    assertThat(shard(admitted).epoch()).isEqualTo(5);

    Topology forced = admitted.apply(new FenceShard("s1", 6, true));
    assertThat(shard(forced).state()).isEqualTo(ShardState.FORCED);
    assertThat(shard(forced).incarnations()).isEqualTo(Map.of(REPLICA, "run 1", LEADER, "run 2"));
    assertThat(shard(forced.apply(new PromoteLeader("s1", 6, LEADER, "run 3"))).incarnations())
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
    refuses(promoted, "s1 is PROMOTED in epoch 5", new MarkIntact("s1", 5, LEADER, "run"));
    refuses(promoted, "h9:1 is not in", new ServeShard("s1", 5, Map.of(STRANGER, "run")));
  }

  @Test
  void forgetsTheRunOfANodeThatLeaves() {
    Topology held = served().apply(plan(LEADER)).apply(new PauseShard("s1", 2));
    Topology next = handedOver(held, LEADER, "run");
    assertThat(shard(next).incarnations()).isEqualTo(Map.of(LEADER, "run"));
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
    refuses(
        served(),
        "h1:1 is in two shards",
        new PlanReconfiguration("s2", 1, List.of(NodeId.parse("h2:1"), LEADER)));
    refuses(served(), "a node is pending twice", plan(LEADER, REPLICA, REPLICA));
    refuses(served(), "to lead is not in shard s1", plan(STRANGER));
    refuses("shard s1 has begun epoch 1, not 2", plan(LEADER));
    refuses("is SERVING in epoch 1, not PAUSED", new HandOver("s1", 1, 0, LEADER, "run"));
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
      case 3 -> new PlanReconfiguration(shard, 1, List.of(node));
      case 4 -> new PauseShard(shard, 1);
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
