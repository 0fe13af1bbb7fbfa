package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.demo.RedisProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A shard of two servers under three coordinators, whose nodes and leader an operator changes. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class ChangingNodesTest {

  private static final List<String> COORDINATORS = List.of("c1", "c2", "c3");

  @TempDir private Path folder;
  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<CheckedWrites> writers = new ArrayList<>();
  private CoordinatorFleet fleet;

  @BeforeEach
  void start() {
    launch("0");
    launch("1");
    String nodes =
        servers.stream()
            .map(server -> server.address().toString())
            .collect(Collectors.joining(","));
    fleet =
        new CoordinatorFleet(
            folder,
            List.of(nodes),
            COORDINATORS,
            List.of(
                "consistency.write=quorum",
                "coordinator.queue-timeout=30s",
                "coordinator.out-of-sync-after=1s"));
    COORDINATORS.forEach(
        id -> {
          writers.add(new CheckedWrites(() -> fleet.client(id), id + ":"));
          writers.getLast().awaitMore(20);
        });
    awaitAdmitted();
  }

  private RedisProcess launch(String name) {
    RedisProcess server = RedisProcess.start(Proxies.redis(folder), folder.resolve(name));
    servers.add(server);
    return server;
  }

  @AfterEach
  void stop() {
    writers.forEach(CheckedWrites::close);
    fleet.close();
    servers.forEach(RedisProcess::close);
  }

  @Test
  void aLeaderHandsOverWithoutAnErrorAtAnyClient() {
    int before = failures();
    for (int round = 0; round < 4; round++) {
      RedisProcess former = leader();
      RedisProcess next = servers.stream().filter(one -> one != former).findFirst().orElseThrow();
      String answer =
          round % 2 == 0
              ? fleet.ask("c" + (1 + round % 3), "CLUSTER.FAILOVER s1")
              : fleet.ask("c2", "CLUSTER.FAILOVER s1 TO " + next.address());
      assertThat(answer).contains("leader", next.address().toString());
      writers.forEach(writer -> writer.awaitMore(20));
      awaitAdmitted();
    }
    assertThat(failures()).isEqualTo(before);
    assertNothingIsLost();
  }

  @Test
  void nodesComeAndGoWithoutAnErrorAtAnyClient() {
    int before = failures();
    RedisProcess first = leader();
    RedisProcess third = launch("2");
    assertThat(fleet.ask("c1", "CLUSTER.ADDNODE " + third.address() + " SHARD s1"))
        .contains(third.address().toString());
    awaitAdmitted();
    assertThat(fleet.ask("c2", "CLUSTER.REMOVENODE " + first.address()))
        .doesNotContain(first.address().toString());
    writers.forEach(writer -> writer.awaitMore(20));
    assertThat(leader()).isNotSameAs(first);
    assertThat(failures()).isEqualTo(before);
    servers.remove(first);
    first.close();
    awaitAdmitted();
    assertNothingIsLost();
  }

  /** Its lease is all that the others wait for. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsPlannedComesTrueWithoutOneOfTheCoordinators(boolean removed) {
    writers.removeLast().close();
    if (removed) {
      assertThat(fleet.ask("c1", "CLUSTER.REMOVECOORDINATOR c3 JSON")).doesNotContain("\"c3\"");
    } else {
      fleet.kill("c3");
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> List.of("c1", "c2").contains(fleet.leader("c1")));
    RedisProcess first = leader();
    assertThat(fleet.ask("c1", "CLUSTER.FAILOVER s1")).contains("leader");
    assertThat(leader()).isNotSameAs(first);
    awaitAdmitted();
    assertThat(fleet.ask("c2", "CLUSTER.STOP SHARD s1")).contains("leader");
    awaitHealth(told -> told.contains("\"leadership\":\"stopped\""));
    assertThat(fleet.ask("c1", "CLUSTER.START SHARD s1")).contains("leader");
    awaitAdmitted();
    RedisProcess third = launch("2");
    assertThat(fleet.ask("c2", "CLUSTER.ADDNODE " + third.address() + " SHARD s1"))
        .contains(third.address().toString());
    awaitAdmitted();
    RedisProcess left = leader();
    assertThat(fleet.ask("c1", "CLUSTER.REMOVENODE " + left.address()))
        .doesNotContain(left.address().toString());
    servers.remove(left);
    left.close();
    awaitAdmitted();
    writers.forEach(writer -> writer.awaitMore(20));
    assertNothingIsLost();
  }

  @Test
  void aServerThatHoldsKeysIsNotEmptied() {
    RedisProcess stranger = launch("2");
    try (Jedis client = new Jedis("127.0.0.1", stranger.port())) {
      client.set("kept", "value");
      assertThat(fleet.ask("c1", "CLUSTER.ADDNODE " + stranger.address() + " SHARD s1"))
          .contains("it holds keys, which would be lost");
      assertThat(client.get("kept")).isEqualTo("value");
    }
    assertThat(fleet.ask("c1", "CLUSTER.ADDNODE 127.0.0.1:1 SHARD s1"))
        .contains("it does not answer");
  }

  @Test
  void aReplicaThatIsGoneForLongIsTakenOutAndTakenBack() {
    RedisProcess third = launch("2");
    fleet.ask("c1", "CLUSTER.ADDNODE " + third.address() + " SHARD s1");
    awaitAdmitted();
    RedisProcess lost = servers.stream().filter(one -> one != leader()).findFirst().orElseThrow();
    lost.kill();
    awaitHealth(told -> told.contains("\"out-of-sync\":[\"" + lost.address() + "\"]"));
    writers.forEach(writer -> writer.awaitMore(20));
    lost.restart();
    awaitHealth(told -> told.contains("\"out-of-sync\":[]"));
    awaitAdmitted();
    assertNothingIsLost();
  }

  /** It begins with the first term and the first epoch, but its servers know later ones. */
  @Test
  void aGroupThatIsFoundedAnewTakesItsServersOver() throws IOException {
    COORDINATORS.forEach(fleet::kill);
    for (String id : COORDINATORS) {
      try (Stream<Path> files = Files.walk(folder.resolve(id))) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
    COORDINATORS.forEach(fleet::launch);
    awaitAdmitted();
    writers.forEach(writer -> writer.awaitMore(20));
    assertThat(fleet.ask("c1", "CLUSTER.FAILOVER s1")).contains("leader");
    assertNothingIsLost();
  }

  private void awaitHealth(Predicate<String> condition) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> condition.test(fleet.ask("c1", "KV.HEALTH JSON")));
  }

  private void awaitAdmitted() {
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(() -> fleet.ask("c1", "CLUSTER.SHARDMAP JSON").contains("serving"));
    Admission.awaitAll(
        servers.stream().map(ServerProcess::new).toList(), () -> fleet.ask("c1", "KV.HEALTH JSON"));
  }

  private RedisProcess leader() {
    String map = fleet.ask("c1", "CLUSTER.SHARDMAP JSON");
    return servers.stream()
        .filter(server -> map.contains(server.address() + "\",\"role\":\"leader"))
        .findFirst()
        .orElseThrow();
  }

  private int failures() {
    return writers.stream().mapToInt(CheckedWrites::failures).sum();
  }

  private void assertNothingIsLost() {
    writers.forEach(CheckedWrites::stop);
    for (CheckedWrites writer : writers) {
      try (Jedis client = fleet.client("c2")) {
        assertThat(writer.count()).isPositive();
        assertThat(writer.missing(client)).isEmpty();
      }
    }
  }
}
