package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.it.Deployment.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to the leader of a shard, or to who looks after it: nothing that was
 * acknowledged is lost, no linearizable read is wrong, and the shard goes on by itself. The cluster
 * is the same for all tests, and is whole when one begins.
 *
 * <p>Each coordinator is a proxy, so there is no cut from coordinators that is none from proxies: a
 * leader is cut off from one of them, from most of them, from its replicas, or from all.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated
class FaultsTest {

  private static final List<String> COORDINATORS = Deployment.COORDINATORS;
  private static final int SHARD = 0;
  private static final int SOME = 5;
  // Takes longer than it takes to suspect a leader.
  private static final int MANY = 250;

  private Deployment deployment;
  private final Map<String, CheckedWrites> writers = new TreeMap<>();
  private final List<CheckedRegister> registers = new ArrayList<>();
  private final Map<String, CheckedWrites> writersOfShard = new TreeMap<>();

  @BeforeAll
  void start(@TempDir Path folder) {
    deployment =
        new Deployment(
            folder,
            "coordinator.failure.silent=1500ms",
            "coordinator.heartbeat=300ms",
            "coordinator.lease=1500ms");
    deployment.awaitWhole();
    List<String> tags = deployment.tags();
    CoordinatorFleet fleet = deployment.fleet();
    for (int shard = 0; shard < Deployment.SHARDS; shard++) {
      String tag = tags.get(shard);
      for (String id : COORDINATORS) {
        String prefix = tag + id + ":";
        CheckedWrites writer =
            new CheckedWrites(() -> fleet.client(id), prefix, Duration.ofMillis(10));
        writers.put(prefix, writer);
        if (shard == SHARD) {
          writersOfShard.put(id, writer);
        }
      }
      String one = COORDINATORS.get(shard);
      String other = COORDINATORS.get((shard + 1) % COORDINATORS.size());
      registers.add(
          new CheckedRegister(
              tag + "register", () -> fleet.client(one), () -> fleet.client(other)));
    }
  }

  @AfterAll
  void stop() {
    registers.forEach(CheckedRegister::close);
    writers.values().forEach(CheckedWrites::close);
    deployment.close();
  }

  @AfterEach
  void nothingIsLostAndNoReadWasWrong() {
    deployment.heal();
    deployment.awaitWhole();
    List<IntSupplier> counts = new ArrayList<>();
    writers.values().forEach(writer -> counts.add(writer::count));
    registers.forEach(register -> counts.add(register::count));
    awaitMore(counts, SOME);
    for (CheckedRegister register : registers) {
      assertThat(register.wrong()).isEmpty();
    }
    for (Map.Entry<String, CheckedWrites> writer : writers.entrySet()) {
      try (var client = deployment.fleet().client("c2")) {
        assertThat(writer.getValue().missing(client)).as(writer.getKey()).isEmpty();
      }
    }
  }

  @Test
  void aLeaderThatIsKilledIsReplacedAndComesBackAsAReplica() {
    String leader = leader();
    deployment.server(leader).kill();
    awaitAnotherThan(leader, COORDINATORS);
    deployment.server(leader).restart();
  }

  @Test
  void aLeaderThatIsPausedBeyondTheLeaseIsReplacedAndHarmsNobodyWhenItGoesOn() {
    String leader = leader();
    deployment.server(leader).pause();
    awaitAnotherThan(leader, COORDINATORS);
    deployment.server(leader).resume();
  }

  @Test
  void aLeaderThatComesBackEmptyAtOnceTakesNothingWithIt() {
    String leader = leader();
    deployment.restartEmpty(leader);
    awaitAnotherThan(leader, COORDINATORS);
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderThatIsCutOffFromItsReplicasIsReplaced(Way way) {
    String leader = leader();
    deployment.cut(way, leader, deployment.others(leader));
    awaitAnotherThan(leader, COORDINATORS);
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderThatIsCutOffFromMostCoordinatorsIsReplaced(Way way) {
    String leader = leader();
    deployment.cut(way, leader, List.of("c1", "c3"));
    awaitAnotherThan(leader, COORDINATORS);
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderThatIsCutOffFromAllIsReplaced(Way way) {
    String leader = leader();
    deployment.cut(way, leader, COORDINATORS);
    deployment.cut(way, leader, deployment.others(leader));
    awaitAnotherThan(leader, COORDINATORS);
  }

  @Test
  void aLeaderThatIsCutOffFromOneCoordinatorStaysAndTheOthersServe() {
    String leader = leader();
    deployment.cut(Way.BOTH, leader, List.of("c1"));
    awaitProgress(List.of("c2", "c3"), MANY);
    assertThat(deployment.leader(SHARD, "c2")).isEqualTo(leader);
  }

  @Test
  void theLeaderOfTheGroupMayBeKilledWhileALeaderIsPaused() {
    String leader = leader();
    String coordinator = groupLeader();
    deployment.fleet().kill(coordinator);
    deployment.server(leader).pause();
    awaitAnotherThan(leader, othersThan(coordinator));
    deployment.server(leader).resume();
    deployment.fleet().launch(coordinator);
  }

  @Test
  void theLeaderOfTheGroupMayBePausedWhileALeaderIsKilled() {
    String leader = leader();
    String coordinator = groupLeader();
    deployment.fleet().pause(coordinator);
    deployment.server(leader).kill();
    awaitAnotherThan(leader, othersThan(coordinator));
    deployment.server(leader).restart();
    deployment.fleet().resume(coordinator);
  }

  @Test
  void aShardThatHasLostTwoIsFencedAndRecoversOnceOneIsBackThatRemembers() {
    String leader = leader();
    String replica = deployment.others(leader).getFirst();
    deployment.server(replica).pause();
    deployment.restartEmpty(leader);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> deployment.fleet().ask("c1", "CLUSTER.SHARDMAP JSON").contains("fenced"));
    deployment.server(replica).resume();
    awaitProgress(COORDINATORS);
  }

  private String leader() {
    return deployment.leader(SHARD, "c1");
  }

  private String groupLeader() {
    return deployment.fleet().leader("c1");
  }

  private static List<String> othersThan(String coordinator) {
    return COORDINATORS.stream().filter(id -> !id.equals(coordinator)).toList();
  }

  /** In the eyes of these coordinators, whose clients' writes are acknowledged again. */
  private void awaitAnotherThan(String former, List<String> coordinators) {
    for (String id : coordinators) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !List.of(former, "").contains(deployment.leader(SHARD, id)));
    }
    awaitProgress(coordinators);
  }

  private void awaitProgress(List<String> coordinators) {
    awaitProgress(coordinators, SOME);
  }

  private void awaitProgress(List<String> coordinators, int more) {
    List<IntSupplier> counts = new ArrayList<>();
    writersOfShard.forEach(
        (id, writer) -> {
          if (coordinators.contains(id)) {
            counts.add(writer::count);
          }
        });
    awaitMore(counts, more);
  }

  /** Until each of them has grown by more than so many. */
  private static void awaitMore(List<IntSupplier> counts, int more) {
    List<Integer> before = counts.stream().map(IntSupplier::getAsInt).toList();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                IntStream.range(0, counts.size())
                    .allMatch(i -> counts.get(i).getAsInt() > before.get(i) + more));
  }
}
