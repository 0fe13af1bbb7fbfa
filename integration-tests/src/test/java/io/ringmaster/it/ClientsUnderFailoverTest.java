package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.clients.ClientLoad;
import io.ringmaster.it.clients.ClientLoads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five client libraries at once, each with one client object that is never made anew. */
@Timeout(300)
class ClientsUnderFailoverTest {

  private ProcessSite site;
  private CheckedShard<Instance> shard;
  private ClientLoads loads;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    site = new ProcessSite(folder, "coordinator.hold=10s");
    shard = new CheckedShard<>(site, "key", Duration.ofMillis(5));
    shard.awaitReady();
    loads = new ClientLoads(site.clientPorts(), folder);
    loads.awaitMore(50);
  }

  @AfterEach
  void stop() {
    loads.close();
    shard.close();
    site.close();
  }

  @Test
  void theyGoOnWithRightAnswersWhenALeaderIsKilled() {
    shard.assertLeaderIsReplaced(Instance::kill, Instance::start);
    loads.awaitMore(50);
    assertNoWrongAnswer();
  }

  @Test
  void theySeeNoErrorWhenALeaderHandsOver() {
    for (int round = 0; round < 3; round++) {
      shard.handOver();
      loads.awaitMore(50);
      shard.awaitFollowers();
    }
    for (ClientLoad load : loads.all()) {
      assertThat(load.failures()).as(load.library()).isZero();
    }
    assertNoWrongAnswer();
  }

  private void assertNoWrongAnswer() {
    for (ClientLoad load : loads.all()) {
      ClientLoad.Outcome outcome = load.finish();
      System.out.println("SEEN " + load.library() + ": " + outcome.errors());
      assertThat(outcome.wrong()).as(load.library()).isEmpty();
    }
  }
}
