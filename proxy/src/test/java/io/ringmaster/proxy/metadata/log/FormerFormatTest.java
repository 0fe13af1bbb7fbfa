package io.ringmaster.proxy.metadata.log;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.AddShard;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.DurableNodes;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.Leadership;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.proxy.metadata.Topologies;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A log and a snapshot as format 3 wrote them, the last before records wrote themselves. */
class FormerFormatTest {

  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);

  private static final Report REPORT =
      new Report(
          "c1",
          "an instance",
          Long.MAX_VALUE,
          3000,
          new Observations(
              7,
              Map.of("s1", 2L),
              Map.of("s2", 3L),
              Map.of("s1", new MarkerPosition(4, 1L << 50)),
              Map.of("s.9_-", "\"h:1\" lacks something")));

  /** Those of format 3, in its order; one that comes later does not stand in its log. */
  private static final List<ShardState> STATES =
      List.of(
          ShardState.NEW,
          ShardState.FENCED,
          ShardState.FORCED,
          ShardState.PROMOTED,
          ShardState.SERVING,
          ShardState.PAUSED,
          ShardState.STOPPED);

  /** One of which everything is said that can be said of a shard. */
  private static Shard shard(String id, int number, ShardState state) {
    NodeId leader = new NodeId("n-" + id, 1);
    NodeId second = new NodeId("n-" + id, 2);
    NodeId third = new NodeId("fe80::1", 1 + number);
    return new Shard(
        id,
        0,
        3,
        List.of(Node.leader(leader), Node.replica(second), Node.replica(third)),
        new Leadership(
            12,
            state,
            Map.of(leader, "8d5f", third, "0a"),
            2,
            List.of(second, leader),
            List.of(third),
            Optional.of(new DurableNodes(List.of(leader), 11, 1L << 50)),
            44));
  }

  private static Topology topology() {
    List<Shard> shards = new ArrayList<>(Topologies.of(3).shards());
    int number = 0;
    for (ShardState state : STATES) {
      shards.add(shard("s-" + number, number, state));
      number++;
    }
    Map<KeyspaceDefinition, SlotTable> keyspaces = new LinkedHashMap<>();
    keyspaces.put(
        KeyspaceDefinition.ofDefault(),
        SlotTable.of(
            Map.of(
                "s1", List.of(new SlotRange(0, 5460)),
                "s2", List.of(new SlotRange(5461, 16382)),
                "s3", List.of(new SlotRange(16383, 16383)))));
    keyspaces.put(
        new KeyspaceDefinition(
            "a",
            "a:",
            PolicyName.LEADER,
            List.of("s1", "s3"),
            new Consistency(ReadLevel.NEAREST, WriteLevel.ALL)),
        SlotTable.of(
            Map.of(
                "s1", List.of(new SlotRange(0, 7), new SlotRange(9, 16383)),
                "s3", List.of(new SlotRange(8, 8)))));
    return Topology.restored(9, shards, keyspaces);
  }

  private static Proposal proposal(String id, TopologyChange change, OptionalLong basedOn) {
    return new Proposal(id, change, basedOn, "c1", "a \"cause\"", TIME, Duration.ofMillis(17));
  }

  /** What stood in the log; samples of kinds that came later do no harm. */
  private static List<LogEntry> entries() {
    List<LogEntry> entries = new ArrayList<>();
    entries.add(new InitialTopology(topology(), "c1", Instant.ofEpochSecond(5), "1f"));
    entries.add(new Registration("c1", "a folder", "1f"));
    entries.add(new ReadBarrier());
    entries.add(new Heartbeat(REPORT));
    entries.add(proposal("unbased", new SetWeight("s1", 7), OptionalLong.empty()));
    List<TopologyChange> changes = new ArrayList<>(LogFormatTest.changes().toList());
    changes.add(new AddShard(shard("s4", 5, ShardState.PAUSED)));
    for (TopologyChange change : changes) {
      entries.add(proposal("id", change, OptionalLong.of(Long.MAX_VALUE)));
    }
    return entries;
  }

  @Test
  void aLogOfFormat3IsRead() throws IOException {
    List<LogEntry> read = text("format-3-log.txt").lines().map(LogFormat::entry).toList();

    assertThat(read).hasSize(26).doesNotHaveDuplicates();
    assertThat(entries()).containsAll(read);
    assertThat(read.stream().map(entry -> LogFormat.entry(LogFormat.entry(entry)))).isEqualTo(read);
  }

  @Test
  void aSnapshotOfFormat3IsRead() throws IOException {
    MetadataState read = LogFormat.snapshot(text("format-3-snapshot.txt"));

    assertThat(read.generation()).isEqualTo(5);
    assertThat(read.topology()).contains(topology().apply(new SetWeight("s1", 2)));
    assertThat(read.reports()).containsExactly(REPORT);
    assertThat(read.folders()).isEqualTo(Map.of("c1", "a folder"));
    assertThat(read.secret()).isEqualTo("1f");
    assertThat(read.events())
        .containsExactly(
            new TopologyEvent(
                "seed",
                9,
                Instant.ofEpochSecond(5),
                "{\"kind\":\"seed\"}",
                "c1",
                "configuration",
                Duration.ZERO),
            new TopologyEvent(
                "p",
                10,
                TIME,
                "{\"kind\":\"set-weight\",\"shard\":\"s1\",\"weight\":2}",
                "c1",
                "a \"cause\"",
                Duration.ofMillis(17)));
  }

  @Test
  void everyFormerNameIsOfSomethingThatIsThere() {
    for (FormerNames.FormerName name : FormerNames.NAMES) {
      assertThat(names(name.type())).contains(name.name());
    }
  }

  private static List<String> names(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(c -> c.toString().toLowerCase(ROOT))
          .toList();
    }
    return Stream.concat(
            Stream.of(type.getSimpleName()),
            Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName))
        .map(RecordCodec::kebab)
        .toList();
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = FormerFormatTest.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
