package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Three coordinators in front of one server, and one without clients that changes the topology all
 * the time, while the leader is cut off, paused and killed.
 */
@Timeout(900)
@Isolated
class CoordinatorCutTest {

  private static final String EDITOR = CoordinatorFleet.EDITOR;
  private static final List<String> SERVING = List.of("c1", "c2", "c3");
  private static final List<String> OTHERS = List.of("c2", "c3", EDITOR);

  @TempDir private Path folder;
  private RedisProcess server;
  private CoordinatorFleet fleet;
  @RegisterExtension private final LogsOfFailure logs = new LogsOfFailure(() -> fleet.logs());

  @BeforeEach
  void start() {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    server = RedisProcess.start(binary, folder.resolve("redis"));
    fleet =
        new CoordinatorFleet(
            folder, server.address().toString(), List.of("c1", "c2", "c3", EDITOR));
    until(() -> SERVING.stream().allMatch(id -> fleet.epoch(id) > 1));
  }

  @AfterEach
  void stop() {
    fleet.close();
    server.close();
  }

  @Test
  void clientsOfTheOthersSeeNoErrorAndNoTopologyIsLostWhileTheLeaderIsCutOff() {
    try (EpochWatch watch = new EpochWatch(fleet, SERVING);
        Traffic second = new Traffic(fleet.client("c2"), "a");
        Traffic third = new Traffic(fleet.client("c3"), "b")) {
      whileLeading("c1", this::cutOff, fleet.links()::heal, watch);
      whileLeading("c1", this::deafen, fleet.links()::heal, watch);
      whileLeading("c1", this::mute, fleet.links()::heal, watch);
      second.awaitMore(100);
      third.awaitMore(100);
      assertThat(second.errors()).isEmpty();
      assertThat(third.errors()).isEmpty();
      assertThat(watch.violations()).isEmpty();
    }
  }

  @Test
  void clientsOfTheOthersSeeNoErrorAndNoTopologyIsLostWhileTheLeaderIsPausedAndAllAreKilled() {
    try (EpochWatch watch = new EpochWatch(fleet, SERVING)) {
      try (Traffic second = new Traffic(fleet.client("c2"), "a");
          Traffic third = new Traffic(fleet.client("c3"), "b")) {
        whileLeading("c1", () -> fleet.pause("c1"), () -> fleet.resume("c1"), watch);
        whileLeading("c1", () -> fleet.kill("c1"), () -> fleet.launch("c1"), watch);
        second.awaitMore(100);
        third.awaitMore(100);
        assertThat(second.errors()).isEmpty();
        assertThat(third.errors()).isEmpty();
      }
      List.of("c1", "c2", "c3", EDITOR).forEach(fleet::kill);
      long acknowledged = fleet.acknowledged();
      List.of("c1", "c2", "c3", EDITOR).forEach(fleet::launch);
      awaitMoreChanges();
      until(() -> watch.allHave(acknowledged + 1));
      assertThat(watch.violations()).isEmpty();
    }
  }

  /** The others must elect another leader and go on; afterwards it learns what they did. */
  private void whileLeading(String leader, Runnable harm, Runnable repair, EpochWatch watch) {
    until(
        () -> {
          fleet.ask("c2", "CLUSTER.TRANSFERLEADER " + leader + " JSON");
          return fleet.leader("c2").equals(leader) && fleet.leader("c3").equals(leader);
        });
    harm.run();
    until(() -> OTHERS.contains(fleet.leader("c2")) && OTHERS.contains(fleet.leader("c3")));
    awaitMoreChanges();
    repair.run();
    long acknowledged = fleet.acknowledged();
    until(() -> watch.allHave(acknowledged));
    awaitMoreChanges();
  }

  private void awaitMoreChanges() {
    long target = fleet.acknowledged() + 5;
    until(() -> fleet.acknowledged() >= target);
  }

  private void cutOff() {
    deafen();
    mute();
  }

  /** It hears nobody: its requests arrive, but not what is answered. */
  private void deafen() {
    fleet.links().cut(OTHERS, List.of("c1"));
  }

  /** Nobody hears it. */
  private void mute() {
    fleet.links().cut(List.of("c1"), OTHERS);
  }

  private static void until(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(condition);
  }
}
