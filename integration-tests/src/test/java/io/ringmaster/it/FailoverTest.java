package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Three servers with an ordinary configuration and three coordinators: whatever happens to the
 * leader, another one leads, and what was acknowledged is there.
 */
@Timeout(300)
class FailoverTest {

  private static final List<String> COORDINATORS = List.of("c1", "c2", "c3");

  @TempDir private Path folder;
  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<CheckedWrites> writers = new ArrayList<>();
  private CoordinatorFleet fleet;

  @BeforeEach
  void start() {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    for (int i = 0; i < 3; i++) {
      servers.add(RedisProcess.start(binary, folder.resolve("redis" + i)));
    }
    String nodes =
        servers.stream()
            .map(server -> server.address().toString())
            .collect(Collectors.joining(","));
    fleet = new CoordinatorFleet(folder, nodes, COORDINATORS);
    COORDINATORS.forEach(this::awaitWrite);
    for (String id : COORDINATORS) {
      writers.add(new CheckedWrites(() -> fleet.client(id), id + ":"));
    }
    writers.forEach(writer -> writer.awaitMore(50));
    Admission.awaitAll(servers, () -> fleet.ask("c1", "KV.HEALTH JSON"));
  }

  @AfterEach
  void stop() {
    writers.forEach(CheckedWrites::close);
    fleet.close();
    servers.forEach(RedisProcess::close);
  }

  @Test
  void aLeaderThatIsKilledIsReplacedAndComesBackAsAReplica() {
    RedisProcess leader = leader();
    leader.kill();
    awaitAnotherThan(leader);
    writers.forEach(writer -> writer.awaitMore(50));
    leader.restart();
    awaitFollowers();
    assertNothingIsLost();
  }

  @Test
  void aLeaderThatHangsIsReplacedAndWhatItDidNotAcknowledgeIsGone() {
    RedisProcess leader = leader();
    leader.pause();
    awaitAnotherThan(leader);
    writers.forEach(writer -> writer.awaitMore(50));
    leader.resume();
    awaitFollowers();
    assertNothingIsLost();
  }

  @Test
  void theLeaderOfTheGroupAndTheLeaderOfTheShardMayFailTogether() {
    RedisProcess leader = leader();
    String coordinator = fleet.leader("c1");
    fleet.kill(coordinator);
    leader.kill();
    List<CheckedWrites> others =
        writers.stream()
            .filter(w -> !COORDINATORS.get(writers.indexOf(w)).equals(coordinator))
            .toList();
    others.forEach(writer -> writer.awaitMore(50));
    fleet.launch(coordinator);
    leader.restart();
    writers.forEach(writer -> writer.awaitMore(50));
    awaitFollowers();
    assertNothingIsLost();
  }

  @Test
  void twoThatAreGoneAreWaitedFor() {
    RedisProcess leader = leader();
    RedisProcess replica = servers.stream().filter(one -> one != leader).findFirst().orElseThrow();
    replica.pause();
    leader.kill();
    replica.resume();
    writers.forEach(writer -> writer.awaitMore(50));
    leader.restart();
    awaitFollowers();
    assertNothingIsLost();
  }

  private void awaitWrite(String id) {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(
            () -> {
              try (Jedis client = fleet.client(id)) {
                return client.set("probe", "value").equals("OK");
              }
            });
  }

  private RedisProcess leader() {
    String map = fleet.ask("c1", "CLUSTER.SHARDMAP JSON");
    return servers.stream()
        .filter(server -> map.contains(server.address() + "\",\"role\":\"leader"))
        .findFirst()
        .orElseThrow();
  }

  private void awaitAnotherThan(RedisProcess former) {
    await().atMost(Duration.ofMinutes(1)).until(() -> leader() != former);
  }

  private void awaitFollowers() {
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(
            () -> {
              try (Jedis server = new Jedis("127.0.0.1", leader().port())) {
                return server.info("replication").split("state=online", -1).length == 3;
              }
            });
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
