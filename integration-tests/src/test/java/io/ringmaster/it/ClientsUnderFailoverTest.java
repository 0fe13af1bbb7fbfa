package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.clients.ClientLoad;
import io.ringmaster.it.clients.ClientLoads;
import io.ringmaster.it.clients.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five client libraries at once, each with one client object that is never made anew. */
@Timeout(300)
class ClientsUnderFailoverTest {

  @TempDir private Path folder;
  private ProcessSite site;
  private CheckedShard<Instance> shard;

  @BeforeEach
  void start() {
    site = new ProcessSite(folder, "coordinator.hold=10s");
    shard = new CheckedShard<>(site, "key", Duration.ofMillis(5));
    shard.awaitReady();
  }

  @AfterEach
  void stop() {
    shard.close();
    site.close();
  }

  @Test
  void theyGoOnWithRightAnswersWhenALeaderIsKilled() throws IOException {
    try (ClientLoads loads = new ClientLoads(site.clientPorts(), Delivery.DEFAULT, folder)) {
      loads.awaitMore(50);
      shard.assertLeaderIsReplaced(Instance::kill, Instance::start);
      loads.awaitMore(50);
      assertNothingIsLost(loads);
    }
  }

  @Test
  void theySeeNoErrorWhenALeaderHandsOver() throws IOException {
    try (ClientLoads loads = new ClientLoads(site.clientPorts(), Delivery.DEFAULT, folder)) {
      for (int round = 0; round < 3; round++) {
        loads.awaitMore(50);
        shard.handOver();
        loads.awaitMore(50);
        shard.awaitFollowers();
      }
      for (ClientLoad load : loads.all()) {
        assertThat(load.failures()).as(load.library()).isZero();
      }
      assertNothingIsLost(loads);
    }
  }

  /** Those that would send a write once more when they have connected again are told not to. */
  @Test
  void theyGoOnWithRightAnswersWhenTheirCoordinatorIsKilledAndStartedAgain() throws IOException {
    List<Integer> ports = Collections.nCopies(3, site.clientPorts().getFirst());
    try (ClientLoads loads = new ClientLoads(ports, Delivery.AT_MOST_ONCE, folder)) {
      loads.awaitMore(50);
      Instance coordinator = Objects.requireNonNull(site.coordinators().get("c1"));
      coordinator.kill();
      shard.awaitWritesWithout("c1");
      coordinator.start();
      loads.awaitMore(50);
      assertNothingIsLost(loads);
    }
  }

  private static void assertNothingIsLost(ClientLoads loads) {
    for (ClientLoad load : loads.all()) {
      ClientLoad.Outcome outcome = load.finish();
      System.out.printf(
          "SEEN %s: %s, repeated %d%n", load.library(), outcome.errors(), outcome.repeated());
      assertThat(outcome.wrong()).as(load.library()).isEmpty();
      assertThat(outcome.repeated()).as(load.library()).isZero();
    }
  }
}
