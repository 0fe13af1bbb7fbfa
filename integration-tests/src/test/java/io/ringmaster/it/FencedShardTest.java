package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.command.Treatment;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Servers with an ordinary configuration, taken over by a coordinator: what is restarted has
 * forgotten everything, and must not take anything with it.
 */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class FencedShardTest {

  private static final ProtocolCommand FAILOVER =
      () -> "CLUSTER.FAILOVER".getBytes(StandardCharsets.US_ASCII);
  private static final ProtocolCommand CONSISTENCY =
      () -> "KV.CONSISTENCY".getBytes(StandardCharsets.US_ASCII);
  private static final ProtocolCommand EXCLUDE =
      () -> "KV.EXCLUDEFAILED".getBytes(StandardCharsets.US_ASCII);
  private static final ProtocolCommand STOP =
      () -> "CLUSTER.STOP".getBytes(StandardCharsets.US_ASCII);
  private static final ProtocolCommand START =
      () -> "CLUSTER.START".getBytes(StandardCharsets.US_ASCII);

  /** They are sent as a script. */
  private static final Set<String> REWRITTEN = Set.of("flushall");

  private static final Set<Treatment> PASSED_ON =
      EnumSet.complementOf(EnumSet.of(Treatment.LOCAL, Treatment.REFUSED, Treatment.DEDICATED));

  @TempDir private Path folder;
  private ReplicatedShard shard;

  @BeforeEach
  void start() {
    shard = ReplicatedShard.coordinated(folder.resolve("three"), 3);
  }

  private void startWithOneServer() {
    shard.close();
    shard = ReplicatedShard.coordinated(folder.resolve("one"), 1);
  }

  @AfterEach
  void stop() {
    shard.close();
  }

  @Test
  void aLeaderThatComesBackEmptyTakesNothingWithIt() {
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      write("round" + round + ":", 200, acknowledged);
      shard.awaitAllAdmitted();
      restart(shard.leader());
      awaitWrite();
      assertHolds(acknowledged);
    }
    awaitAllFollow();
    assertHolds(acknowledged);
  }

  @Test
  void aReplicaThatComesBackEmptyIsAttachedAndAdmittedAgain() {
    List<String> acknowledged = new ArrayList<>();
    write("a", 100, acknowledged);
    for (RedisProcess replica : shard.replicas()) {
      shard.awaitAllAdmitted();
      int before = timesIntact(replica);
      restart(replica);
      await().atMost(patience()).until(() -> timesIntact(replica) > before);
      write("b" + replica.port(), 100, acknowledged);
    }
    restart(shard.leader());
    awaitWrite();
    assertHolds(acknowledged);
  }

  @Test
  void usersThatSomebodyDeletesAreMadeAnewInTheNextEpoch() {
    deleteAUser(shard.leader());
    startWithOneServer();
    deleteAUser(shard.server(0));
  }

  private void deleteAUser(RedisProcess leader) {
    List<String> acknowledged = new ArrayList<>();
    write("a", 10, acknowledged);
    try (Jedis server = new Jedis("127.0.0.1", leader.port())) {
      assertThat(server.aclUsers()).contains("rp-s1-2-data", "rp-s1-2-internal", "rp-s1-2-replica");
      server.aclDelUser("rp-s1-2-data");
    }
    awaitEvent("somebody has deleted the users of its leader");
    awaitWrite();
    assertHolds(acknowledged);
  }

  @Test
  void aMarkerThatSomebodyDeletesIsMadeAnewInTheNextEpoch() {
    shard.awaitAllAdmitted();
    deleteTheMarker(shard.leader());
    startWithOneServer();
    deleteTheMarker(shard.server(0));
  }

  private void deleteTheMarker(RedisProcess leader) {
    List<String> acknowledged = new ArrayList<>();
    write("a", 10, acknowledged);
    try (Jedis server = new Jedis("127.0.0.1", leader.port())) {
      server.aclSetUser("default", "+@all");
      server.eval("redis.call('SELECT', '15') return redis.call('FLUSHDB')");
    }
    awaitEvent("somebody has deleted the marker");
    awaitWrite();
    assertHolds(acknowledged);
    write("b", 10, acknowledged);
    assertHolds(acknowledged);
  }

  private void awaitEvent(String cause) {
    await().atMost(patience()).until(() -> shard.told("CLUSTER.EVENTS").contains(cause));
  }

  @Test
  void aShardThatHasForgottenEverythingWaitsForAnOperator() {
    write("a", 10, new ArrayList<>());
    List<RedisProcess> servers = List.of(shard.server(0), shard.server(1), shard.server(2));
    servers.forEach(RedisProcess::kill);
    servers.forEach(RedisProcess::restart);
    await().atMost(patience()).until(() -> shardMap().contains("fenced"));
    try (Jedis client = shard.client()) {
      assertThatThrownBy(() -> client.set("key", "value"))
          .isInstanceOf(JedisException.class)
          .hasMessageStartingWith("CLUSTERDOWN shard s1 has no leader");
      client.sendCommand(FAILOVER, "s1", "FORCE");
    }
    awaitWrite();
  }

  @Test
  void aShardWhoseLeaderWritesEverythingToDiskFirstComesBackByItself() {
    shard.close();
    List<String> durable = List.of("--appendfsync", "always");
    shard = ReplicatedShard.coordinated(folder.resolve("durable"), 3, durable);
    List<String> acknowledged = writeAndRestartEverything();
    awaitWrite();
    assertHolds(acknowledged);
  }

  /** The file with which it is started does not have what it has written. */
  @Test
  void aLeaderThatIsStartedWithOtherSettingsThanItHadIsNotTrusted() {
    for (int i = 0; i < 3; i++) {
      try (Jedis server = shard.directly(i)) {
        server.configSet("appendfsync", "always");
      }
    }
    writeAndRestartEverything();
    await()
        .atMost(patience())
        .until(() -> shard.told("KV.HEALTH").contains("had everything on its disk"));
    try (Jedis client = shard.client()) {
      client.sendCommand(FAILOVER, "s1", "FORCE");
    }
    awaitWrite();
  }

  private List<String> writeAndRestartEverything() {
    await()
        .atMost(patience())
        .until(() -> shard.told("KV.HEALTH").contains("durable-nodes\":[\"127.0.0.1"));
    List<String> acknowledged = new ArrayList<>();
    write("a", 10, acknowledged);
    List<RedisProcess> servers = List.of(shard.server(0), shard.server(1), shard.server(2));
    servers.forEach(RedisProcess::kill);
    servers.forEach(RedisProcess::restart);
    return acknowledged;
  }

  @Test
  void aShardThatWasStoppedComesBackWithEverything() {
    List<String> acknowledged = new ArrayList<>();
    write("a", 100, acknowledged);
    shard.awaitAllAdmitted();
    try (Jedis client = shard.client()) {
      client.sendCommand(STOP);
      assertThat(shardMap()).contains("stopped");
      assertThatThrownBy(() -> client.set("key", "value"))
          .isInstanceOf(JedisException.class)
          .hasMessageStartingWith("CLUSTERDOWN shard s1 ");
      List<RedisProcess> servers = List.of(shard.server(0), shard.server(1), shard.server(2));
      servers.forEach(RedisProcess::close);
      servers.forEach(RedisProcess::restart);
      client.sendCommand(START);
    }
    write("b", 100, acknowledged);
    assertHolds(acknowledged);
  }

  @Test
  void aReplicaThatFailedIsTakenOutByOrderAndComesBackByItself() {
    List<String> acknowledged = new ArrayList<>();
    write("a", 10, acknowledged);
    shard.awaitAllAdmitted();
    RedisProcess failed = shard.replicas().getFirst();
    String address = failed.address().toString();
    failed.kill();
    await().atMost(patience()).until(() -> shard.told("KV.HEALTH").contains("\"down\""));
    try (Jedis client = shard.client()) {
      client.sendCommand(EXCLUDE, "SHARD", "s1");
      assertThat(shard.told("KV.HEALTH")).contains("\"out-of-sync\":[\"" + address + "\"]");
      client.sendCommand(CONSISTENCY, "WRITE", "all");
      assertThat(client.set("all", "of those that are left")).isEqualTo("OK");
    }
    write("b", 10, acknowledged);
    failed.restart();
    await().atMost(patience()).until(() -> shard.told("KV.HEALTH").contains("\"out-of-sync\":[]"));
    shard.awaitAllAdmitted();
    assertHolds(acknowledged);
  }

  @Test
  void aClientThatWaitsForAReplicaInVainDoesNotKeepTheShardFromBeingHandedOver() throws Exception {
    shard.awaitAllAdmitted();
    RedisProcess heir = shard.replicas().getFirst();
    RedisProcess silent = shard.replicas().getLast();
    silent.pause();
    try (Jedis waiting = shard.client();
        Jedis client = shard.client();
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> count =
          thread.submit(
              () -> {
                waiting.set("key", "value");
                return waiting.waitReplicas(2, 0);
              });
      await().until(() -> client.clientList().contains("cmd=wait"));
      client.sendCommand(FAILOVER, "s1", "TO", heir.address().toString());
      assertThat(shard.leader()).isEqualTo(heir);
      assertThatThrownBy(count::get).hasMessageContaining("UNAVAILABLE replicas cannot be counted");
    } finally {
      silent.resume();
    }
  }

  @Test
  void theOnlyServerOfAShardServesAgainWithWhatItHas() {
    startWithOneServer();
    write("a", 10, new ArrayList<>());
    restart(shard.server(0));
    awaitWrite();
  }

  @Test
  void theUserOfTheDataMayDoAllThatIsPassedOn() {
    startWithOneServer();
    awaitWrite();
    List<String> passedOn = new ArrayList<>();
    try (Jedis server = shard.directly(0)) {
      for (CommandSpec command : CommandTable.load().all()) {
        boolean passes =
            PASSED_ON.contains(command.treatment()) && !REWRITTEN.contains(command.name());
        if (passes && isKnown(command, server)) {
          passedOn.add(command.name());
          assertThat(server.aclDryRun("rp-s1-2-data", "" + head(command), rest(command)))
              .as(command.name())
              .isEqualTo("OK");
        }
      }
    }
    assertThat(passedOn).hasSizeGreaterThan(150).contains("sort", "keys", "flushdb", "eval");
  }

  private static boolean isKnown(CommandSpec command, Jedis server) {
    return server.commandInfo(head(command)).get(head(command)) != null;
  }

  private static String head(CommandSpec command) {
    return command.name().split("\\|", 2)[0];
  }

  /** As many arguments as it takes at least. */
  private static String[] rest(CommandSpec command) {
    List<String> words = new ArrayList<>(List.of(command.name().split("\\|", 2)));
    while (words.size() < Math.abs(command.arity())) {
      words.add("1");
    }
    return words.subList(1, words.size()).toArray(String[]::new);
  }

  private void write(String prefix, int count, List<String> acknowledged) {
    try (Jedis client = shard.client()) {
      for (int i = 0; i < count; i++) {
        String key = prefix + i;
        assertThat(client.set(key, key)).isEqualTo("OK");
        acknowledged.add(key);
      }
    }
  }

  private void awaitWrite() {
    await()
        .atMost(patience())
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(
            () -> {
              try (Jedis client = shard.client()) {
                return client.set("probe", "value").equals("OK");
              }
            });
  }

  private void assertHolds(List<String> keys) {
    try (Jedis client = shard.client()) {
      for (String key : keys) {
        assertThat(client.get(key)).isEqualTo(key);
      }
    }
  }

  private void restart(RedisProcess server) {
    server.kill();
    server.restart();
  }

  private void awaitAllFollow() {
    await().atMost(patience()).until(() -> replicasOnline() == 2);
  }

  private int replicasOnline() {
    int port = shard.leader().port();
    try (Jedis server = new Jedis("127.0.0.1", port)) {
      return server.info("replication").split("state=online", -1).length - 1;
    }
  }

  private int timesIntact(RedisProcess server) {
    String intact = "mark-intact\\\",\\\"node\\\":\\\"" + server.address();
    return shard.told("CLUSTER.EVENTS").split(Pattern.quote(intact), -1).length - 1;
  }

  private String shardMap() {
    return shard.told("CLUSTER.SHARDMAP");
  }

  private static Duration patience() {
    return Duration.ofSeconds(60);
  }
}
