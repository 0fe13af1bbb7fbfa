package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Three coordinators in front of one server, while one after the other is lost. */
@Timeout(600)
@Isolated
class CoordinatorsTest {

  @TempDir private Path folder;
  private RedisProcess server;
  private CoordinatorFleet fleet;

  @BeforeEach
  void start() {
    Path binary = Proxies.redis(folder);
    server = RedisProcess.start(binary, folder.resolve("redis"));
    fleet = new CoordinatorFleet(folder, server.address().toString(), List.of("c1", "c2", "c3"));
    until(() -> agreedLeader("c1", "c2", "c3"));
  }

  @AfterEach
  void stop() {
    fleet.close();
    server.close();
  }

  @Test
  void clientsOfTheOthersSeeNoErrorWhileOneIsPausedKilledReplacedOrUpgraded() {
    until(() -> makesLeader("c3", "c1") && fleet.leader("c2").equals("c1"));
    try (Traffic traffic = new Traffic(fleet.client("c2"), "key")) {
      fleet.pause("c1");
      until(() -> List.of("c2", "c3").contains(fleet.leader("c2")));
      fleet.resume("c1");
      until(() -> agreedLeader("c1", "c2", "c3") && !fleet.leader("c1").equals("c1"));

      until(() -> makesLeader("c2", "c1"));
      fleet.kill("c1");
      until(() -> agreedLeader("c2", "c3"));
      fleet.launch("c4");
      until(() -> fleet.log("c4").contains("waiting to be added"));
      until(
          () ->
              fleet
                  .ask("c2", "CLUSTER.ADDCOORDINATOR c4 " + fleet.address("c4") + " JSON")
                  .contains("\"c4\""));
      assertThat(fleet.ask("c3", "CLUSTER.REMOVECOORDINATOR c1 JSON")).doesNotContain("\"c1\"");
      until(() -> agreedLeader("c2", "c3", "c4"));
      traffic.awaitMore(100);
      assertThat(traffic.errors()).isEmpty();
    }

    String before = fleet.ask("c2", "CLUSTER.SHARDMAP JSON");
    List.of("c2", "c3", "c4").forEach(fleet::kill);
    List.of("c2", "c3", "c4").forEach(fleet::launch);
    until(() -> agreedLeader("c2", "c3", "c4"));
    for (String id : List.of("c2", "c3", "c4")) {
      assertThat(fleet.ask(id, "CLUSTER.SHARDMAP JSON")).isEqualTo(before);
      assertThat(fleet.ask(id, "KV.HEALTH JSON"))
          .contains("\"id\":\"c2\"", "\"id\":\"c3\"", "\"id\":\"c4\"")
          .doesNotContain("\"id\":\"c1\"");
    }
    upgrade(List.of("c2", "c3", "c4"));
  }

  @Test
  void oneThatCanWriteNoMoreIsReplacedAndComesBackAfterARestart() {
    String full = fleet.leader("c1");
    List<String> others = Stream.of("c1", "c2", "c3").filter(id -> !id.equals(full)).toList();

    fleet.limitFiles(full, 4000);

    until(() -> agreedLeader(others.get(0), others.get(1)));
    until(
        () ->
            fleet
                .ask(full, "SET key value")
                .equals(
                    "-CLUSTERDOWN this coordinator cannot keep the log of the config group;"
                        + " connect to another one\r\n"));
    try (Traffic traffic = new Traffic(fleet.client(others.getFirst()), "key")) {
      traffic.awaitMore(100);
      assertThat(traffic.errors()).isEmpty();
    }
    fleet.terminate(full);
    fleet.launch(full);
    until(() -> agreedLeader("c1", "c2", "c3"));
  }

  @Test
  void oneThatWasRemovedWhileItWasDownWaitsUntilItIsAddedAgain() {
    fleet.kill("c3");
    until(() -> agreedLeader("c1", "c2"));
    until(() -> !fleet.ask("c1", "CLUSTER.REMOVECOORDINATOR c3 JSON").contains("\"c3\""));
    fleet.launch("c3");
    until(() -> fleet.log("c3").contains("it was removed before; waiting to be added"));

    String add = "CLUSTER.ADDCOORDINATOR c3 " + fleet.address("c3") + " JSON";
    until(() -> fleet.ask("c1", add).contains("\"c3\""));

    until(() -> agreedLeader("c1", "c2", "c3"));
  }

  /** One after the other is stopped in good order and started again, whether it leads or not. */
  private void upgrade(List<String> ids) {
    for (String id : ids) {
      String other = id.equals("c2") ? "c3" : "c2";
      try (Traffic traffic = new Traffic(fleet.client(other), "upgraded")) {
        traffic.awaitMore(100);
        fleet.terminate(id);
        fleet.launch(id);
        until(() -> agreedLeader("c2", "c3", "c4"));
        traffic.awaitMore(100);
        assertThat(traffic.errors()).as("while %s was upgraded", id).isEmpty();
      }
    }
  }

  private boolean makesLeader(String at, String leader) {
    return fleet
        .ask(at, "CLUSTER.TRANSFERLEADER " + leader + " JSON")
        .contains("\"leader\":\"" + leader + "\"");
  }

  private boolean agreedLeader(String... ids) {
    String leader = fleet.leader(ids[0]);
    for (String id : ids) {
      if (leader.isEmpty() || !fleet.leader(id).equals(leader)) {
        return false;
      }
    }
    return List.of(ids).contains(leader);
  }

  private static void until(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(condition);
  }
}
