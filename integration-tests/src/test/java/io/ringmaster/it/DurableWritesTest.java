package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;

/** What an acknowledgement is worth, at each level, with real servers. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class DurableWritesTest {

  private static final int MARKER_DATABASE = 15;

  private static final ProtocolCommand CONSISTENCY =
      () -> "KV.CONSISTENCY".getBytes(Protocol.CHARSET);

  private static final ProtocolCommand VERSION = () -> "KV.VERSION".getBytes(Protocol.CHARSET);

  private static final Pattern WAIT_CALLS = Pattern.compile("cmdstat_wait:calls=(\\d+)");
  private static final Pattern GET_CALLS = Pattern.compile("cmdstat_get:calls=(\\d+)");

  @TempDir private Path folder;
  private ReplicatedShard shard;

  @BeforeEach
  void start() {
    shard = new ReplicatedShard(folder, 3, "consistency.deadline=1s", "probe.interval=100ms");
  }

  @AfterEach
  void stop() {
    shard.close();
  }

  private Jedis client(String level) {
    Jedis client = shard.client();
    client.sendCommand(CONSISTENCY, "WRITE", level);
    return client;
  }

  @Test
  void aMajorityHoldsWhatIsAcknowledgedByDefault() {
    try (Jedis client = shard.client()) {
      shard.server(2).pause();
      for (int i = 0; i < 100; i++) {
        assertThat(client.set("key" + i, "value" + i)).isEqualTo("OK");
        try (Jedis replica = shard.directly(1)) {
          assertThat(replica.get("key" + i)).isEqualTo("value" + i);
        }
      }
    }
  }

  @Test
  void theLeaderWaitsForItsReplicasOnlyWhereTheyDoNotTellByThemselves() {
    try (Jedis client = shard.client()) {
      awaitAcks(client);
      long before = calls(0, WAIT_CALLS);
      for (int replica = 1; replica <= 2; replica++) {
        try (Jedis connection = shard.directly(replica)) {
          connection.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "pubsub");
        }
      }
      assertThat(client.set("key", "value")).isEqualTo("OK");
      assertThat(calls(0, WAIT_CALLS)).isGreaterThan(before);
      awaitAcks(client);
    }
  }

  /** Until the leader has waited for none of a hundred writes. */
  private void awaitAcks(Jedis client) {
    Awaitility.await()
        .until(
            () -> {
              long before = calls(0, WAIT_CALLS);
              for (int i = 0; i < 100; i++) {
                client.set("key", "" + i);
              }
              return calls(0, WAIT_CALLS) == before;
            });
  }

  @Test
  void withoutAMajorityNothingIsAcknowledged() {
    try (Jedis client = shard.client()) {
      shard.replicas().forEach(RedisProcess::pause);
      assertThatThrownBy(() -> client.set("key", "value"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("UNCERTAIN ")
          .hasMessageContaining("1 of 2 nodes hold it");
      shard.replicas().forEach(RedisProcess::resume);
      assertThat(client.set("key", "again")).isEqualTo("OK");
    }
  }

  @Test
  void allMeansEveryNode() {
    try (Jedis client = client("all")) {
      assertThat(client.set("key", "1")).isEqualTo("OK");
      shard.server(2).pause();
      assertThatThrownBy(() -> client.incr("key")).hasMessageStartingWith("UNCERTAIN ");
      shard.server(2).resume();
      assertThat(client.incr("key")).isEqualTo(3);
    }
  }

  @Test
  void asynchronousWritesWaitForNobody() {
    try (Jedis client = client("async")) {
      shard.replicas().forEach(RedisProcess::pause);
      assertThat(client.set("key", "value")).isEqualTo("OK");
    }
  }

  @Test
  void whatChangesNothingIsAsDurableAsWhatItTells() {
    try (Jedis client = shard.client()) {
      client.sadd("set", "member");
      shard.replicas().forEach(RedisProcess::pause);
      assertThatThrownBy(() -> client.sadd("set", "member")).hasMessageStartingWith("UNCERTAIN ");
      assertThat(client.smembers("set")).containsExactly("member");
    }
  }

  @Test
  void linearizableReadsNeedAMajority() {
    try (Jedis client = client("async")) {
      client.set("key", "value");
      client.sendCommand(CONSISTENCY, "READ", "linearizable");
      assertThat(client.get("key")).isEqualTo("value");
      shard.replicas().forEach(RedisProcess::pause);
      assertThatThrownBy(() -> client.get("key")).hasMessageStartingWith("UNAVAILABLE ");
    }
  }

  /** The replica with the highest marker is promoted by hand, as an operator would. */
  @Test
  void noAcknowledgedWriteIsLostWithTheLeader() throws InterruptedException {
    Set<String> acknowledged = new ConcurrentSkipListSet<>();
    AtomicBoolean stop = new AtomicBoolean();
    Thread[] writers = new Thread[4];
    for (int i = 0; i < writers.length; i++) {
      String prefix = "w" + i + ":";
      writers[i] = Thread.ofPlatform().start(() -> write(prefix, acknowledged, stop));
    }
    awaitMore(acknowledged, 500);
    shard.server(1).pause();
    awaitMore(acknowledged, 500);
    shard.server(1).resume();
    shard.server(2).pause();
    awaitMore(acknowledged, 500);
    shard.server(0).kill();
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    shard.server(2).resume();
    int best = marker(1) >= marker(2) ? 1 : 2;
    try (Jedis promoted = shard.directly(best)) {
      promoted.replicaofNoOne();
      assertThat(new TreeSet<>(promoted.keys("w*"))).containsAll(acknowledged);
    }
  }

  private static void awaitMore(Set<String> acknowledged, int more) {
    int before = acknowledged.size();
    Awaitility.await().until(() -> acknowledged.size() >= before + more);
  }

  private void write(String prefix, Set<String> acknowledged, AtomicBoolean stop) {
    try (Jedis client = shard.client()) {
      for (int i = 0; !stop.get(); i++) {
        try {
          client.set(prefix + i, "value");
          acknowledged.add(prefix + i);
        } catch (JedisDataException notAcknowledged) {
          assertThat(notAcknowledged).hasMessageMatching("(UNCERTAIN|UNAVAILABLE) .*");
        }
      }
    } catch (JedisConnectionException ended) {
      assertThat(stop).isTrue();
    }
  }

  private long marker(int server) {
    try (Jedis node = shard.directly(server)) {
      node.select(MARKER_DATABASE);
      return Long.parseLong(node.hget(Marker.KEY, "n"));
    }
  }

  @Test
  void theMarkerIsNotInTheClientsWay() {
    try (Jedis client = shard.client()) {
      client.set("key", "value");
      assertThat(marker(0)).isPositive();
      assertThat(client.dbSize()).isOne();
      assertThat(client.keys("*")).containsExactly("key");
      assertThat(client.scan("0", new ScanParams().count(1000)).getResult()).containsExactly("key");
      assertThat(client.info("keyspace")).contains("db0:keys=1,").doesNotContain("db15");
      assertThat(client.eval("return redis.call('KEYS', '*')")).isEqualTo(List.of("key"));
      client.del("key");
      assertThat(client.dbSize()).isZero();
      assertThat(client.randomKey()).isNull();
      assertThatThrownBy(() -> client.select(MARKER_DATABASE)).hasMessageContaining("out of range");
      assertThatThrownBy(() -> client.get(Marker.KEY)).hasMessageContaining("reserved");
      assertThatThrownBy(() -> client.del("a", Marker.KEY)).hasMessageContaining("reserved");
    }
  }

  @Test
  void theVersionOfAKeyIsTheMarkerOfItsShard() {
    try (Jedis client = shard.client()) {
      assertThat(client.sendCommand(VERSION, "key")).isNull();
      client.set("key", "value");
      client.select(1);
      assertThat(client.sendCommand(VERSION, "key")).isEqualTo(List.of(1L, marker(0)));
    }
  }

  @Test
  void flushingKeepsTheMarker() {
    try (Jedis client = shard.client()) {
      for (String flush : new String[] {"FLUSHALL", "FLUSHDB", "FLUSHALL ASYNC", "FLUSHDB SYNC"}) {
        client.select(1);
        client.set("other", "value");
        client.select(0);
        client.set("key", "value");
        long before = marker(0);
        String[] words = flush.split(" ");
        Object reply =
            client.sendCommand(
                () -> words[0].getBytes(Protocol.CHARSET),
                Arrays.copyOfRange(words, 1, words.length));
        assertThat((byte[]) reply).asString().isEqualTo("OK");
        assertThat(marker(0)).isGreaterThan(before);
        assertThat(client.dbSize()).isZero();
        client.select(1);
        assertThat(client.dbSize()).isEqualTo(flush.startsWith("FLUSHALL") ? 0 : 1);
      }
    }
  }

  @Test
  void waitCountsTheReplicasThatHoldWhatWasWritten() {
    try (Jedis client = client("async")) {
      client.set("key", "value");
      assertThat(client.waitReplicas(2, 5_000)).isEqualTo(2);
      shard.server(2).pause();
      client.set("key", "other");
      assertThat(client.waitReplicas(1, 5_000)).isOne();
      assertThat(client.waitReplicas(2, 200)).isOne();
      shard.server(2).resume();
      assertThat(client.waitReplicas(2, 0)).isEqualTo(2);
    }
  }

  @Test
  void replicasAnswerReadsAndAClientSeesItsOwnWrites() {
    for (String level : new String[] {"replica", "nearest", "first"}) {
      try (Jedis client = shard.client()) {
        client.sendCommand(CONSISTENCY, "READ", level);
        client.set("key", "value");
        if (!level.equals("nearest")) {
          Awaitility.await().until(() -> readsOfReplicasGrow(client));
        }
        for (int i = 0; i < 300; i++) {
          client.set("key", "value" + i);
          assertThat(client.get("key")).isEqualTo("value" + i);
        }
      }
    }
  }

  private boolean readsOfReplicasGrow(Jedis client) {
    long before = readsOfReplicas();
    client.get("key");
    return readsOfReplicas() > before;
  }

  private long readsOfReplicas() {
    long reads = 0;
    for (int i = 1; i < 3; i++) {
      reads += calls(i, GET_CALLS);
    }
    return reads;
  }

  private long calls(int server, Pattern command) {
    try (Jedis connection = shard.directly(server)) {
      Matcher calls = command.matcher(connection.info("commandstats"));
      return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
  }

  @Test
  void aLeaderThatMayEvictTheMarkerPromisesNothing() {
    try (Jedis client = shard.client();
        Jedis leader = shard.directly(0)) {
      client.set("key", "value");
      leader.configSet("maxmemory-policy", "allkeys-lru");
      awaitRefusal(client, "its maxmemory-policy allkeys-lru may evict the marker");
      leader.configSet("maxmemory-policy", "volatile-lru");
      Awaitility.await().ignoreExceptions().until(() -> client.set("key", "again").equals("OK"));
    }
  }

  @Test
  void aReplicaThatMaySkipWritesHoldsTheWholeShardBack() {
    try (Jedis client = shard.client();
        Jedis replica = shard.directly(1)) {
      client.set("key", "value");
      replica.configSet("replica-ignore-maxmemory", "no");
      replica.configSet("maxmemory", "100mb");
      awaitRefusal(client, "its replica " + shard.server(1).address() + ": out of memory it skips");
      replica.configSet("replica-ignore-maxmemory", "yes");
      Awaitility.await().ignoreExceptions().until(() -> client.set("key", "again").equals("OK"));
    }
  }

  @Test
  void aStrangerAmongTheReplicasIsNotCounted() {
    Path binary = Proxies.redis(folder);
    String port = "" + shard.server(0).port();
    try (Jedis client = shard.client();
        RedisProcess stranger =
            RedisProcess.start(
                binary, folder.resolve("stranger"), "--replicaof", "127.0.0.1", port)) {
      awaitRefusal(
          client, "a replica is attached that is not of this shard: " + stranger.address());
    }
  }

  @Test
  void aSentinelIsNoticed() {
    try (Jedis client = shard.client();
        Jedis sentinel = shard.directly(0)) {
      sentinel.clientSetname("sentinel-0123abcd-cmd");
      awaitRefusal(client, "a Sentinel watches it");
    }
  }

  private static void awaitRefusal(Jedis client, String reason) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> client.set("key", "value"))
                    .hasMessageStartingWith("UNAVAILABLE ")
                    .hasMessageContaining(reason)
                    .hasMessageContaining("the command was not executed"));
  }
}
