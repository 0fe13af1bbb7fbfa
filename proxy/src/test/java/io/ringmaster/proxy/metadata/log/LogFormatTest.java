package io.ringmaster.proxy.metadata.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.AddKeyspace;
import io.ringmaster.cluster.topology.AddShard;
import io.ringmaster.cluster.topology.AssignSlots;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.MarkDurable;
import io.ringmaster.cluster.topology.MarkIntact;
import io.ringmaster.cluster.topology.MarkOutOfSync;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PauseShard;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.QuiesceShard;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.RemoveShard;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.ServeShard;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.StopShard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.proxy.metadata.Topologies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogFormatTest {

  private static final NodeId NODE = NodeId.parse("10.0.0.9:6379");

  private static final Observations OBSERVATIONS =
      new Observations(
          7,
          Map.of("s1", 2L),
          Map.of("s2", 3L),
          Map.of("s1", new MarkerPosition(4, 1L << 50)),
          Map.of("s.9_-", "\"h:1\" lacks something"));

  static Stream<TopologyChange> changes() {
    return Stream.of(
        new AddShard(new Shard("s.9_-", 0, 7, Topologies.shard("x", 9).nodes(), 12)),
        new RemoveShard("s1"),
        new SetWeight("s1", 1000),
        new PlanReconfiguration("s1", 3, List.of(NODE, NodeId.parse("[fe80::1]:6379"))),
        new PlanReconfiguration("s1", 3, List.of()),
        new MarkOutOfSync("s1", 3, List.of(NODE)),
        new PauseShard("s1", 3),
        new ResumeShard("s1", 4),
        new HandOver("s1", 5, 44, NODE, "8d5f"),
        new StopShard("s1", 5),
        new QuiesceShard("s1", 6, 44, 5, 1L << 50),
        new MarkDurable("s1", 5, true),
        new FenceShard("s1", 7, true),
        new PromoteLeader("s1", 7, NODE, "8d5f", Map.of(NodeId.parse("[fe80::1]:6379"), "0a")),
        new ServeShard("s1", 7, Map.of(NODE, "8d5f", NodeId.parse("[fe80::1]:6379"), "0a")),
        new MarkIntact("s1", 7, NODE, "8d5f"),
        new AddKeyspace(
            new KeyspaceDefinition(
                "a",
                "ключ\"\\\n\u0001{}:",
                PolicyName.LEADER,
                List.of("s2"),
                new Consistency(ReadLevel.NEAREST, WriteLevel.ALL)),
            SlotTable.of(Map.of("s2", List.of(SlotRange.all())))),
        AddKeyspace.placed(
            new KeyspaceDefinition("b", "b:", PolicyName.LEADER, List.of(), Consistency.DEFAULT),
            Topologies.of(3)),
        new AddKeyspace(
            new KeyspaceDefinition("c", "c", PolicyName.LEADER, List.of(), Consistency.DEFAULT),
            SlotTable.empty()),
        new AssignSlots("default", List.of(), "s1"),
        new AssignSlots(
            "default",
            List.of(new SlotRange(7, 9), new SlotRange(3, 3), new SlotRange(16383, 16383)),
            "s1"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void readsEveryChangeAsItWasWritten(TopologyChange change) {
    Proposal proposal = proposal(change, OptionalLong.of(Long.MAX_VALUE));

    String text = LogFormat.entry(proposal);

    assertThat(text).doesNotContain("\n").startsWith("{");
    assertThat(LogFormat.entry(text)).isEqualTo(proposal);
  }

  private static Proposal proposal(TopologyChange change, OptionalLong basedOn) {
    return new Proposal(
        "id",
        change,
        basedOn,
        "c1",
        "a \"cause\"",
        Instant.ofEpochMilli(1_700_000_000_123L),
        Duration.ofMillis(17));
  }

  static Stream<LogEntry> entries() {
    return Stream.of(
        new InitialTopology(Topologies.of(3), "c1", Instant.ofEpochSecond(5), "1f"),
        proposal(new SetWeight("s1", 7), OptionalLong.of(Long.MAX_VALUE)),
        proposal(new SetWeight("s1", 7), OptionalLong.empty()),
        new ReadBarrier(),
        new Heartbeat(new Report("c1", "an instance", Long.MAX_VALUE, 3000, OBSERVATIONS)),
        new Registration("c1", "a folder", "1f"));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void readsEveryEntryAsItWasWritten(LogEntry entry) {
    String text = LogFormat.entry(entry);

    assertThat(text).doesNotContain("\n").startsWith("{");
    assertThat(LogFormat.entry(text)).isEqualTo(entry);
  }

  @Test
  void theSamplesHoldEveryKindOfChangeAndOfEntry() {
    assertThat(changes().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(TopologyChange.class.getPermittedSubclasses());
    assertThat(entries().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(LogEntry.class.getPermittedSubclasses());
  }

  @Test
  void anAppliedChangeStillFitsAfterReadingTopologyAndChange() {
    Topology topology = Topologies.of(3);
    for (TopologyChange change :
        List.of(
            new PlanReconfiguration("s1", 1, List.of(leader("s1"), NODE)),
            new FenceShard("s1", 3, true),
            new PromoteLeader("s1", 3, NODE, "8d5f"),
            new ServeShard("s1", 3, Map.of()),
            new StopShard("s1", 3),
            new QuiesceShard("s1", 3, 6, 3, 17),
            new AssignSlots("default", List.of(SlotRange.all()), "s2"),
            new RemoveShard("s3"))) {
      Topology next = topology.apply(change);
      assertThat(read(topology).apply(read(change))).isEqualTo(next);
      topology = next;
    }
  }

  private static NodeId leader(String shard) {
    return Topologies.of(3).shard(shard).orElseThrow().leader().id();
  }

  @Test
  void aSeedAndASnapshotKeepTheWholeTopology() {
    Topology topology =
        Topologies.of(3)
            .apply(
                AddKeyspace.placed(
                    new KeyspaceDefinition(
                        "a", "a:", PolicyName.LEADER, List.of("s1", "s3"), Consistency.DEFAULT),
                    Topologies.of(3)))
            .apply(new PlanReconfiguration("s2", 1, List.of(leader("s2"), NODE)))
            .apply(new FenceShard("s2", 3, true))
            .apply(new PromoteLeader("s2", 3, NODE, "8d5f"));
    InitialTopology seed = new InitialTopology(topology, "c1", Instant.ofEpochSecond(5), "1f");
    MetadataState state =
        MetadataState.EMPTY
            .apply(seed)
            .state()
            .apply(new Heartbeat(new Report("c2", "i2", 1, 500, Observations.NONE)))
            .state()
            .apply(new Heartbeat(new Report("c1", "i1", 1, 700, OBSERVATIONS)))
            .state()
            .apply(new Registration("c.1", "f1", "1f"))
            .state();

    MetadataState restored = LogFormat.snapshot(LogFormat.snapshot(state));

    assertThat(LogFormat.entry(LogFormat.entry(seed))).isEqualTo(seed);
    assertThat(restored.topology()).contains(topology);
    assertThat(restored.events()).isEqualTo(state.events()).hasSize(1);
    assertThat(restored.reports()).isEqualTo(state.reports()).hasSize(2);
    assertThat(restored.generation()).isEqualTo(5);
    assertThat(restored.secret()).isEqualTo("1f");
    assertThat(restored.folders()).isEqualTo(Map.of("c.1", "f1"));
    assertThat(LogFormat.snapshot(LogFormat.snapshot(MetadataState.EMPTY)).topology()).isEmpty();
  }

  @Test
  void theLargestTopologyIsReadExactlyFromSeedAndSnapshot() {
    Topology large = Topologies.large();
    InitialTopology seed = new InitialTopology(large, "c1", Instant.EPOCH, "1f");
    MetadataState state = MetadataState.EMPTY.apply(seed).state();

    MetadataState restored = LogFormat.snapshot(LogFormat.snapshot(state));

    assertThat(read(large)).isEqualTo(large);
    assertThat(restored.topology()).contains(large);
    assertThat(restored.topology().orElseThrow().apply(new SetWeight("s7", 3)))
        .isEqualTo(large.apply(new SetWeight("s7", 3)));
  }

  @Test
  void aChangeIsALineThatPeopleCanRead() {
    assertThat(LogFormat.line(new FenceShard("s1", 7, false)))
        .isEqualTo("{\"epoch\":7,\"forced\":false,\"kind\":\"fence-shard\",\"shard\":\"s1\"}");
    assertThat(LogFormat.line(new PromoteLeader("s1", 7, NODE, "8d5f")))
        .contains("\"leader\":\"10.0.0.9:6379\"");
    assertThat(
            LogFormat.line(
                new AssignSlots("a", List.of(new SlotRange(7, 9), new SlotRange(3, 3)), "s1")))
        .contains("\"slots\":\"7-9 3\"");
  }

  @Test
  void whatAnotherVersionWroteIsNotReadHalf() {
    String entry =
        LogFormat.entry(new InitialTopology(Topologies.of(1), "c1", Instant.EPOCH, "1f"));

    for (int version : List.of(LogFormat.OLDEST - 1, LogFormat.VERSION + 1)) {
      String other = entry.replace("\"version\":" + LogFormat.VERSION, "\"version\":" + version);
      assertUnknown(other, "a log entry of version " + version);
    }
    assertUnknown("nonsense", "a log entry that is not JSON");
    assertUnknown("{\"version\":3,\"melt\":true}", "LogEntry");
    assertUnknown("{\"version\":4,\"kind\":\"melt\"}", "a LogEntry of kind melt");
    assertUnknown("{\"version\":4,\"kind\":7}", "a LogEntry of kind 7");
    assertUnknown(entry.replace("\"leader\"", "\"melted\""), "a PolicyName that is melted");
    assertUnknown(entry.replace("\"weight\":1", "\"weight\":\"1\""), "1 for a Number");
    assertUnknown(entry.replace("\"weight\"", "\"mass\""), "a Shard without weight");
    String change = LogFormat.entry(proposal(new RemoveShard("s1"), OptionalLong.empty()));
    assertUnknown(change.replace("remove-shard", "melt-shard"), "kind melt-shard");
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() {
    Proposal proposal = proposal(new RemoveShard("s1"), OptionalLong.empty());
    String added = LogFormat.entry(proposal).replace("\"shard\":", "\"new\":[7],\"shard\":");

    assertThat(LogFormat.entry(added)).isEqualTo(proposal);
  }

  private static void assertUnknown(String entry, String what) {
    assertThatThrownBy(() -> LogFormat.entry(entry))
        .isInstanceOf(UnknownFormatException.class)
        .hasMessageContaining(what);
  }

  private static Topology read(Topology topology) {
    InitialTopology seed = new InitialTopology(topology, "c1", Instant.EPOCH, "1f");
    return ((InitialTopology) LogFormat.entry(LogFormat.entry(seed))).topology();
  }

  private static TopologyChange read(TopologyChange change) {
    Proposal proposal = proposal(change, OptionalLong.empty());
    return ((Proposal) LogFormat.entry(LogFormat.entry(proposal))).change();
  }
}
