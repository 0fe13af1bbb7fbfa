package io.ringmaster.it.clients;

import static io.ringmaster.it.clients.Delivery.AT_MOST_ONCE;
import static io.ringmaster.it.clients.Delivery.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.CheckedShard;
import io.ringmaster.it.Instance;
import io.ringmaster.it.ProcessSite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Five client libraries at once, each with one client object that is never made anew. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@Isolated
class ClientsUnderFailoverTest {

  private Path folder;
  private ProcessSite site;
  private CheckedShard<Instance> shard;

  @BeforeAll
  void start(@TempDir Path folder) {
    this.folder = folder;
    site = new ProcessSite(folder, "coordinator.queue-timeout=5s");
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @BeforeEach
  void write(TestInfo test) {
    shard = new CheckedShard<>(site, test.getDisplayName(), Duration.ofMillis(5));
    shard.awaitReady();
  }

  @AfterEach
  void writeNoMore() {
    shard.close();
  }

  @Test
  void theyGoOnWithRightAnswersWhenALeaderIsKilled() throws IOException {
    try (ClientLoads loads = new ClientLoads(site.clientPorts(), DEFAULT, "killed", folder)) {
      loads.awaitMore(50);
      shard.assertLeaderIsReplaced(Instance::kill, Instance::start);
      loads.awaitMore(50);
      Map<String, ClientLoad.Outcome> outcomes = loads.finish();
      assertRight(outcomes);
      assertOnce(outcomes);
    }
  }

  @Test
  void theySeeNoErrorWhenALeaderHandsOver() throws IOException {
    try (ClientLoads loads = new ClientLoads(site.clientPorts(), DEFAULT, "planned", folder)) {
      for (int round = 0; round < 3; round++) {
        loads.awaitMore(50);
        shard.handOver();
        loads.awaitMore(50);
        shard.awaitFollowers();
      }
      Map<String, ClientLoad.Outcome> outcomes = loads.finish();
      assertRight(outcomes);
      assertOnce(outcomes);
      assertNoError(outcomes);
    }
  }

  /**
   * Only here connections of clients break. Libraries that would send a write again may not, but
   * for Lettuce, which can only be told not to connect again. Writes under way have been executed,
   * but not acknowledged: replicas do not get them in time.
   */
  @Test
  void theyGoOnWithRightAnswersWhenTheirCoordinatorIsKilledAndStartedAgain() throws IOException {
    List<Integer> ports = Collections.nCopies(3, site.clientPorts().getFirst());
    try (ClientLoads loads = new ClientLoads(ports, AT_MOST_ONCE, "once", folder)) {
      loads.awaitMore(50);
      Instance coordinator = Objects.requireNonNull(site.coordinators().get("c1"));
      Instance leader = shard.leader();
      List<Instance> replicas =
          site.servers().stream().filter(server -> !server.equals(leader)).toList();
      replicas.forEach(Instance::pause);
      coordinator.kill();
      replicas.forEach(Instance::resume);
      shard.awaitWritesWithout("c1");
      coordinator.start();
      loads.awaitMore(50);
      Map<String, ClientLoad.Outcome> outcomes = loads.finish();
      assertRight(outcomes);
      Map<String, ClientLoad.Outcome> others = new TreeMap<>(outcomes);
      others.remove("Lettuce");
      assertOnce(others);
    }
  }

  private static void assertRight(Map<String, ClientLoad.Outcome> outcomes) {
    System.out.println("SEEN " + outcomes);
    assertThat(outcomes)
        .allSatisfy((library, outcome) -> assertThat(outcome.wrong()).as(library).isEmpty());
  }

  private static void assertOnce(Map<String, ClientLoad.Outcome> outcomes) {
    assertThat(outcomes)
        .allSatisfy((library, outcome) -> assertThat(outcome.repeated()).as(library).isZero());
  }

  private static void assertNoError(Map<String, ClientLoad.Outcome> outcomes) {
    assertThat(outcomes)
        .allSatisfy((library, outcome) -> assertThat(outcome.errors()).as(library).isEmpty());
  }
}
