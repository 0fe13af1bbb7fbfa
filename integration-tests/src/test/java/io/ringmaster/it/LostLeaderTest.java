package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ClientKillParams;

/** What clients see between the death of a leader and the next one. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class LostLeaderTest {

  private static final ProtocolCommand CONSISTENCY =
      () -> "KV.CONSISTENCY".getBytes(StandardCharsets.US_ASCII);

  private static final ProtocolCommand HEALTH =
      () -> "KV.HEALTH".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;
  private @Nullable ReplicatedShard shard;

  private ReplicatedShard started(String... assignments) {
    ReplicatedShard started = ReplicatedShard.coordinated(folder, 3, assignments);
    shard = started;
    Admission.awaitAll(
        Stream.of(0, 1, 2).map(started::server).map(ServerProcess::new).toList(),
        () -> health(started));
    return started;
  }

  private static String health(ReplicatedShard shard) {
    try (Jedis client = shard.client()) {
      return new String((byte[]) client.sendCommand(HEALTH, "JSON"), StandardCharsets.UTF_8);
    }
  }

  @AfterEach
  void stop() {
    if (shard != null) {
      shard.close();
    }
  }

  @Test
  void onlyWhatWasUnderWayFailsAndWhatComesLaterWaitsForTheNextLeader() {
    ReplicatedShard three = started("coordinator.queue-timeout=1m");
    assertThat(errorsWhileTheLeaderDies(three))
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(error -> error.startsWith("UNCERTAIN "));
  }

  @Test
  void whatIsSentToALeaderThatHangsWaitsForTheNextOne() throws Exception {
    ReplicatedShard three = started("coordinator.queue-timeout=1m");
    try (Jedis early = three.client();
        Jedis late = three.client();
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      late.set("key", "before");
      three.server(0).pause();
      Future<String> underWay = thread.submit(() -> early.set("key", "under way"));
      await().until(() -> health(three).contains("\"down\""));
      assertThat(late.set("key", "after")).isEqualTo("OK");
      assertThat(late.get("key")).isEqualTo("after");
      assertThatThrownBy(underWay::get).hasMessageContaining("UNCERTAIN ");
    } finally {
      three.server(0).resume();
    }
  }

  @Test
  void whereNobodyWaitsTheyAreRefused() {
    ReplicatedShard three = started("coordinator.queue-timeout=0");
    assertThat(errorsWhileTheLeaderDies(three)).anyMatch(error -> error.startsWith("UNAVAILABLE "));
  }

  /** What a client is told that writes until a write succeeds again. */
  private static List<String> errorsWhileTheLeaderDies(ReplicatedShard three) {
    List<String> errors = new ArrayList<>();
    try (Jedis client = three.client()) {
      client.set("key", "before");
      three.server(0).kill();
      boolean written = false;
      while (!written && !Thread.interrupted()) {
        try {
          client.set("key", "after");
          written = true;
        } catch (JedisDataException error) {
          errors.add("" + error.getMessage());
        }
      }
      assertThat(client.get("key")).isEqualTo("after");
    }
    return errors;
  }

  @Test
  void whoReadsFromReplicasDoesNotWaitForALeaderThatIsOutOfReach() {
    ReplicatedShard three = started("coordinator.queue-timeout=1m");
    try (Jedis client = three.client();
        Jedis leader = three.directly(0)) {
      client.set("key", "value");
      client.sendCommand(CONSISTENCY, "READ", "replica");
      await().until(() -> health(three).split("\"master-link\":\"up\"", -1).length == 3);
      leader.aclSetUser("rp-s1-2-data", "off");
      leader.clientKill(ClientKillParams.clientKillParams().user("rp-s1-2-data"));
      for (int i = 0; i < 1000; i++) {
        assertThat(client.get("key")).isEqualTo("value");
      }
    }
  }
}
