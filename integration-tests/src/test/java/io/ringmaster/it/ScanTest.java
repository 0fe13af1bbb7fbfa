package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.InfoFields;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Walks with SCAN, HSCAN, SSCAN and ZSCAN through real servers, whatever happens to them. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class ScanTest {

  private static final int SIZE = 3000;
  private static final ScanParams PAGE = new ScanParams().count(50);
  private static final List<String> PLAIN = List.of("--save", "");
  private static final ProtocolCommand CONSISTENCY = command("KV.CONSISTENCY");
  private static final ProtocolCommand FAILOVER = command("CLUSTER.FAILOVER");

  /** A kind of walk: the page at a cursor. */
  private interface Walk {
    ScanResult<?> page(Jedis client, String cursor);
  }

  /** How each of the four begins, by its name. */
  private static final Map<String, Walk> WALKS =
      Map.of(
          "SCAN", (client, cursor) -> client.scan(cursor, new ScanParams().count(50).match("k:*")),
          "HSCAN", (client, cursor) -> client.hscan("hash", cursor, PAGE),
          "SSCAN", (client, cursor) -> client.sscan("set", cursor, PAGE),
          "ZSCAN", (client, cursor) -> client.zscan("zset", cursor, PAGE));

  private static ProtocolCommand command(String name) {
    return () -> name.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "nearest", "replica", "leader", "linearizable"})
  void findsEverythingAtEveryLevelOfReads(String level, @TempDir Path folder) {
    try (ReplicatedShard shard = new ReplicatedShard(folder, 3, "probe.interval=100ms");
        Jedis client = shard.client()) {
      fill(client);
      client.sendCommand(CONSISTENCY, "READ", level);
      for (int round = 0; round < 5; round++) {
        WALKS.forEach((name, walk) -> assertComplete(name, walk, client, () -> {}));
      }
    }
  }

  @Test
  void findsEverythingAlthoughTheLeaderHandsOverOnTheWay(@TempDir Path folder) {
    try (ReplicatedShard shard = ReplicatedShard.coordinated(folder, 3);
        Jedis client = shard.client()) {
      fill(client);
      WALKS.forEach(
          (name, walk) -> {
            shard.awaitServing();
            shard.awaitAllAdmitted();
            assertComplete(name, walk, client, () -> client.sendCommand(FAILOVER, "s1"));
          });
    }
  }

  @Test
  void findsEverythingAlthoughTheLeaderIsLostOnTheWay(@TempDir Path folder) {
    try (ReplicatedShard shard =
            ReplicatedShard.coordinated(folder, 3, "coordinator.queue-timeout=60s");
        Jedis client = shard.client()) {
      fill(client);
      WALKS.forEach(
          (name, walk) -> {
            shard.awaitServing();
            shard.awaitAllAdmitted();
            RedisProcess leader = shard.leader();
            assertComplete(name, walk, client, leader::kill);
            leader.restart();
          });
    }
  }

  @Test
  void findsEverythingAlthoughAServerIsRestartedOnTheWay(@TempDir Path folder) {
    try (Shards shards = new Shards(folder, 3);
        Jedis client = shards.client()) {
      fill(client);
      WALKS.forEach(
          (name, walk) ->
              assertComplete(
                  name,
                  walk,
                  client,
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      restart(shards, i);
                    }
                  }));
    }
  }

  @Test
  void cursorsAreNumbersThatLuaPrintsAndDoublesHold(@TempDir Path folder) {
    for (int count : new int[] {3, 12}) {
      try (Shards shards = new Shards(folder.resolve("of" + count), count, PLAIN);
          Jedis client = shards.client();
          Jedis lua = shards.directly(0)) {
        fill(client);
        WALKS.forEach(
            (name, walk) -> {
              Set<Object> found = new HashSet<>();
              String cursor = ScanParams.SCAN_POINTER_START;
              do {
                ScanResult<?> page = walk.page(client, cursor);
                found.addAll(page.getResult());
                cursor = page.getCursor();
                assertThat(lua.eval("return tostring(tonumber(ARGV[1]))", 0, cursor))
                    .isEqualTo(cursor);
                assertThat((long) Double.parseDouble(cursor)).isEqualTo(Long.parseLong(cursor));
              } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
              assertThat(found.size()).as(name).isEqualTo(SIZE);
            });
      }
    }
  }

  @Test
  void eachDatabaseIsWalkedThroughByItself(@TempDir Path folder) {
    try (Shards shards = new Shards(folder, 2, PLAIN);
        Jedis client = shards.client()) {
      fill(client);
      client.select(3);
      client.mset("k:a", "v", "k:b", "v");
      Set<String> found = new HashSet<>();
      String cursor = ScanParams.SCAN_POINTER_START;
      do {
        ScanResult<String> page = client.scan(cursor, new ScanParams().count(1_000_000));
        found.addAll(page.getResult());
        cursor = page.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
      assertThat(found).containsExactlyInAnyOrder("k:a", "k:b");
      client.select(0);
      ScanResult<?> all = client.hscan("hash", "0", new ScanParams().count(1_000_000));
      assertThat(all.getCursor()).isEqualTo("0");
      assertThat(all.getResult()).hasSize(SIZE);
    }
  }

  /** Restarts a server so that it is noticed, which one time in 512 it is not. */
  private static void restart(Shards shards, int server) {
    int before = tag(shards, server);
    do {
      shards.server(server).kill();
      shards.server(server).restart();
      shards.server(server).awaitReady();
    } while (tag(shards, server) == before);
  }

  private static int tag(Shards shards, int server) {
    try (Jedis client = shards.directly(server)) {
      String run = InfoFields.parse(client.info("server")).getOrDefault("run_id", "");
      return Math.floorMod(run.hashCode(), 512);
    }
  }

  /** Walks, and lets something happen on the way. */
  private static void assertComplete(String name, Walk walk, Jedis client, Runnable onTheWay) {
    List<Object> found = new ArrayList<>();
    String cursor = ScanParams.SCAN_POINTER_START;
    int pages = 0;
    do {
      ScanResult<?> page = page(walk, client, cursor);
      found.addAll(page.getResult());
      cursor = page.getCursor();
      if (++pages == 20) {
        onTheWay.run();
      }
      assertThat(pages).as(name + " ends").isLessThan(1000);
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    assertThat(new HashSet<>(found).size()).as(name).isEqualTo(SIZE);
  }

  /** The page, also where asking for it fails because a server was just lost. */
  private static ScanResult<?> page(Walk walk, Jedis client, String cursor) {
    try {
      return walk.page(client, cursor);
    } catch (JedisDataException refused) {
      assertThat(refused).hasMessageStartingWith("UNAVAILABLE ");
      List<ScanResult<?>> pages = new ArrayList<>();
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptionsInstanceOf(JedisDataException.class)
          .until(() -> pages.add(walk.page(client, cursor)));
      return pages.getFirst();
    }
  }

  /** Keys, fields and members that the servers keep in hash tables. */
  private static void fill(Jedis client) {
    Map<String, String> fields = new HashMap<>();
    Map<String, Double> scores = new HashMap<>();
    List<String> members = new ArrayList<>();
    Pipeline pipeline = client.pipelined();
    for (int i = 0; i < SIZE; i++) {
      pipeline.set("k:" + i, "v");
      fields.put("field" + i, "v");
      scores.put("member" + i, 1.0 * i);
      members.add("member" + i);
    }
    pipeline.hset("hash", fields);
    pipeline.zadd("zset", scores);
    pipeline.sadd("set", members.toArray(String[]::new));
    pipeline.sync();
  }
}
