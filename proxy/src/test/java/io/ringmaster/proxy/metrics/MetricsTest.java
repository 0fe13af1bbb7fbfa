package io.ringmaster.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.health.Fencing;
import io.ringmaster.proxy.health.HealthMonitor;
import io.ringmaster.proxy.health.ProbeSettings;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metadata.GroupView;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.StaticTopology;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final LoopCounters one = new LoopCounters();
  private final LoopCounters two = new LoopCounters();
  private final MemoryBudget memory = new MemoryBudget(1 << 20);
  private Topology topology = Topology.initial(List.of(shard("127.0.0.1:1", "127.0.0.1:2")));
  private final HealthMonitor control =
      new HealthMonitor(
          topology,
          new ProbeSettings(
              Duration.ofHours(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(10),
              "7.0.0",
              false,
              Fencing.NEEDLESS,
              new Marker(15),
              15,
              "",
              "hidden"));
  private final Member self = new Member("c1", NodeId.parse("127.0.0.1:11"));
  private final Member other = new Member("c2", NodeId.parse("127.0.0.1:12"));
  private GroupView view = new GroupView("c1", List.of(self, other), Optional.of(self), 7, 42);
  private final Metrics metrics =
      new Metrics(
          List.of(one, two), memory, control::health, () -> topology, () -> view, () -> true);

  private static Shard shard(String leader, String replica) {
    return Shard.of("s1", NodeId.parse(leader), NodeId.parse(replica));
  }

  @AfterEach
  void close() {
    metrics.close();
    control.close();
  }

  @Test
  void addsUpTheLoops() {
    one.request(true, 10);
    two.request(true, 10);
    two.request(false, 10);
    one.received(100);
    two.received(11);

    assertThat(metrics.scrape())
        .contains("ringmaster_commands_read_total 2.0\n")
        .contains("ringmaster_commands_write_total 1.0\n")
        .contains("ringmaster_bytes_received_total 111.0\n");
  }

  @Test
  void tellsTheOutcomesOfFailuresApart() {
    one.failed("UNCERTAIN the server did not answer");
    one.failed("UNAVAILABLE no connection");
    one.failed("ERR syntax error");
    one.failed("ERR syntax error");
    one.errorReplied();

    assertThat(metrics.scrape())
        .contains("ringmaster_errors_uncertain_total 1.0\n")
        .contains("ringmaster_errors_unavailable_total 1.0\n")
        .contains("ringmaster_errors_own_total 2.0\n")
        .contains("ringmaster_errors_from_servers_total 1.0\n");
  }

  @Test
  void clientsConnectedAreThoseAcceptedAndNotClosed() {
    one.accepted();
    two.accepted();
    two.accepted();
    one.closed();

    assertThat(metrics.scrape())
        .contains("ringmaster_clients_connected 2.0\n")
        .contains("ringmaster_clients_accepted_total 3.0\n");
  }

  @Test
  void showsServersBuildAndJvmButNoSecret() {
    assertThat(metrics.scrape())
        .contains("ringmaster_node_up{node=\"127.0.0.1:1\",role=\"leader\"} 0")
        .contains("ringmaster_nodes{state=\"unknown\"} 2.0\n")
        .contains("ringmaster_build{version=")
        .contains("jvm_memory_used_bytes")
        .contains("jvm_threads_live_threads")
        .doesNotContain("hidden");
  }

  @Test
  void gaugesOutliveACollectionOfGarbage() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    await()
        .until(
            () -> {
              System.gc();
              return garbage.get() == null;
            });

    assertThat(metrics.scrape())
        .contains("ringmaster_clients_connected 0.0\n")
        .contains("ringmaster_nodes{state=\"unknown\"} 2.0\n");
  }

  @Test
  void whatIsNotKnownOfANodeIsNoNumber() {
    assertThat(metrics.scrape())
        .contains("ringmaster_node_lag_bytes{node=\"127.0.0.1:2\",role=\"replica\"} NaN")
        .contains("ringmaster_node_lag_markers{node=\"127.0.0.1:2\",role=\"replica\"} NaN")
        .contains("ringmaster_node_in_sync{node=\"127.0.0.1:2\",role=\"replica\"} 0");
  }

  @Test
  void showsTheNodesThatBelongToTheTopologyNow() {
    assertThat(metrics.scrape()).contains("127.0.0.1:2").doesNotContain("127.0.0.1:3");
    topology = Topology.initial(List.of(shard("127.0.0.1:1", "127.0.0.1:3")));
    assertThat(metrics.scrape()).contains("127.0.0.1:3").doesNotContain("127.0.0.1:2");
  }

  @Test
  void showsTheGroupAsThisCoordinatorSeesIt() {
    assertThat(metrics.scrape())
        .contains("ringmaster_coordinator_term 7.0\n")
        .contains("ringmaster_coordinator_leads 1.0\n")
        .contains("ringmaster_coordinator_leader_known 1.0\n")
        .contains("ringmaster_coordinator_member 1.0\n")
        .contains("ringmaster_coordinator_members 2.0\n")
        .contains("ringmaster_coordinator_applied_index 42.0\n");

    view = new GroupView("c1", List.of(other), Optional.of(other), 8, 43);
    assertThat(metrics.scrape())
        .contains("ringmaster_coordinator_term 8.0\n")
        .contains("ringmaster_coordinator_leads 0.0\n")
        .contains("ringmaster_coordinator_leader_known 1.0\n")
        .contains("ringmaster_coordinator_member 0.0\n");
  }

  @Test
  void withoutAGroupThereIsNoCoordinator() {
    view = new StaticTopology(topology).view();
    try (Metrics alone =
        new Metrics(
            List.of(one), memory, control::health, () -> topology, () -> view, () -> true)) {
      assertThat(alone.scrape())
          .contains("ringmaster_topology_epoch 1.0\n")
          .doesNotContain("ringmaster_coordinator");
    }
  }

  @Test
  void countsTheChangesOfTheTopology() {
    assertThat(metrics.scrape())
        .contains("ringmaster_topology_epoch 1.0\n")
        .contains("ringmaster_topology_changes_total 0.0\n");
    topology = new SetWeight("s1", 2).applyTo(topology);
    assertThat(metrics.scrape())
        .contains("ringmaster_topology_epoch 2.0\n")
        .contains("ringmaster_topology_changes_total 1.0\n");
  }

  @Test
  void theDocumentNamesEveryMetricOfOurOwn() throws Exception {
    String document = Files.readString(Path.of("..", "docs", "metrics.md"));

    assertThat(
            Pattern.compile("(?m)^# TYPE (ringmaster_\\S+) ").matcher(metrics.scrape()).results())
        .isNotEmpty()
        .allSatisfy(type -> assertThat(document).contains("`" + type.group(1)));
  }
}
