package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ringmaster.protocol.ports.FreePorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XAddParams;

/** KV.VERIFY finds what replicas hold differently, and nothing else. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class VerifyTest {

  private static final ProtocolCommand VERIFY =
      () -> "KV.VERIFY".getBytes(StandardCharsets.US_ASCII);

  private static final int LARGE = 3000;

  @TempDir private Path folder;
  private ReplicatedShard shard;

  @BeforeEach
  void start() {
    shard = new ReplicatedShard(folder.resolve("usual"), 3);
  }

  private void startWith(int nodes, String... assignments) {
    shard.close();
    shard = new ReplicatedShard(folder.resolve("other"), nodes, assignments);
  }

  @AfterEach
  void stop() {
    shard.close();
  }

  @Test
  void findsNothingWhileEverythingIsChangedAllTheTime() throws InterruptedException {
    startWith(3, "verify.keys-per-second=2000");
    try (Jedis client = shard.client()) {
      writeOneOfEach(client, "still:", 10);
      writeOneOfEach(client, "large:", LARGE);
      for (int i = 0; i < 2000; i++) {
        client.set("key" + i, "value");
      }
    }
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong rounds = new AtomicLong();
    Thread load = new Thread(() -> change(ended, rounds));
    load.start();
    await().until(() -> rounds.get() > 10);
    Config found = finished();
    ended.set(true);
    load.join();

    assertThat(found.getLong("keys")).isGreaterThan(2000);
    assertThat(replicas(found))
        .hasSize(2)
        .allSatisfy(
            replica -> {
              assertThat(differences(replica)).isEmpty();
              assertThat(replica.getLong("differences")).isZero();
              assertThat(replica.getLong("own-keys")).isGreaterThan(2000);
            });
  }

  private void change(AtomicBoolean ended, AtomicLong rounds) {
    try (Jedis client = shard.client()) {
      for (long i = 0; !ended.get(); i = rounds.incrementAndGet()) {
        client.incr("counter");
        client.set("toggle", "" + i % 2);
        client.set("brief" + i, "value", new SetParams().px(50));
        client.set("key" + i % 2000, "value" + i);
        client.del("key" + (i + 7) % 2000);
        client.hset("large:hash", "field" + i % LARGE, "value" + i);
        client.lpush("large:list", "element" + i);
        client.rpop("large:list");
        client.sadd("large:set", "more" + i);
        client.zadd("large:zset", (double) i, "member" + i % LARGE);
      }
    }
  }

  @Test
  void findsAValueOfEachTypeThatAReplicaHasDifferently() {
    try (Jedis client = shard.client();
        Jedis replica = changeable(1)) {
      for (int size : List.of(5, LARGE)) {
        writeOneOfEach(client, "same" + size + ":", size);
        writeOneOfEach(client, "other" + size + ":", size);
        awaitReplicas();
        int last = size - 2;
        String prefix = "other" + size + ":";
        replica.setrange(prefix + "string", last, "?");
        replica.lset(prefix + "list", last, "?");
        replica.srem(prefix + "set", "member" + last);
        replica.sadd(prefix + "set", "?");
        replica.hset(prefix + "hash", "field" + last, "?");
        replica.zadd(prefix + "zset", -1, "member" + last);
        replica.xdel(prefix + "stream", new StreamEntryID(last + "-1"));
        replica.xadd(prefix + "stream", XAddParams.xAddParams().id("99999-1"), Map.of("f", "v"));
      }
    }
    Config found = finished();

    Map<String, String> expected = new TreeMap<>();
    for (String type : List.of("string", "list", "set", "hash", "zset", "stream")) {
      expected.put("0 other5:" + type, "value");
      expected.put("0 other" + LARGE + ":" + type, "value");
    }
    Config changed = replicas(found).getFirst();
    assertThat(changed.getLong("differences")).isEqualTo(expected.size());
    assertThat(expected).containsAllEntriesOf(differences(changed));
    assertThat(differences(changed)).hasSize(10);
    assertThat(differences(replicas(found).getLast())).isEmpty();
  }

  @Test
  void findsKeysThatAreMissingOrTooManyOrEndAtAnotherTime() {
    try (Jedis client = shard.client();
        Jedis replica = changeable(1)) {
      for (int i = 0; i < 500; i++) {
        client.set("key" + i, "value", new SetParams().ex(1000));
      }
      client.select(3);
      client.set("elsewhere", "value");
      awaitReplicas();
      replica.del("key1");
      replica.set("extra", "value");
      replica.persist("key2");
      replica.expire("key3", 2000);
      replica.del("key4");
      replica.hset("key4", "field", "value");
      replica.select(3);
      replica.del("elsewhere");
      replica.select(5);
      replica.set("nowhere", "value");
    }
    Config found = finished();

    assertThat(found.getLong("keys")).isEqualTo(501);
    assertThat(differences(replicas(found).getFirst()))
        .isEqualTo(
            Map.of(
                "0 key1", "missing",
                "0 key2", "ttl",
                "0 key3", "ttl",
                "0 key4", "type",
                "0 extra", "extra",
                "3 elsewhere", "missing",
                "5 nowhere", "extra"));
  }

  @Test
  void encodingAndOrderAreNoDifference() {
    try (Jedis client = shard.client();
        Jedis replica = shard.directly(1)) {
      replica.configSet("hash-max-listpack-entries", "0");
      replica.configSet("set-max-intset-entries", "0");
      replica.configSet("zset-max-listpack-entries", "0");
      replica.configSet("list-max-listpack-size", "1");
      replica.configSet("stream-node-max-entries", "1");
      writeOneOfEach(client, "small:", 20);
      writeOneOfEach(client, "middle:", 900);
      IntStream.range(0, 100).forEach(i -> client.sadd("numbers", "" + i));
      client.pfadd("distinct", "a", "b", "c");
      awaitReplicas();
      assertThat(replica.pfcount("distinct")).isEqualTo(3);
      assertThat(replica.get("distinct".getBytes(StandardCharsets.US_ASCII)))
          .isNotEqualTo(client.get("distinct".getBytes(StandardCharsets.US_ASCII)));
    }
    assertThat(differences(replicas(finished()).getFirst())).isEmpty();
  }

  // leader ─► server 2, paused ─► server 1, which answers but hears nothing
  @Test
  void whatIsOnItsWayIsNoDifference() {
    startWith(3, "consistency.write=async");
    try (Jedis client = shard.client();
        Jedis behind = shard.directly(1)) {
      IntStream.range(0, 300).forEach(i -> client.set("key" + i, "old"));
      behind.replicaof("127.0.0.1", shard.server(2).port());
      await().until(() -> behind.info("replication").contains("master_link_status:up"));
      shard.server(2).pause();
      for (int i = 0; i < 300; i++) {
        client.set("key" + i, "new");
        client.set("more" + i, "new");
      }
      ask();
      await().until(() -> calls(behind, "eval") > 0);
      long before = calls(behind, "info");
      await().until(() -> calls(behind, "info") > before + 20);
      assertThat(differences(replicas(ask()).getFirst())).isEmpty();
      shard.server(2).resume();
    }
    Config found = finished();
    assertThat(found.getLong("keys")).isEqualTo(600);
    assertThat(replicas(found)).allSatisfy(replica -> assertThat(differences(replica)).isEmpty());
  }

  private static long calls(Jedis server, String command) {
    Matcher calls =
        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
            .matcher(server.info("commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  @Test
  void isStoppedAndBeginsAgainWhenAskedTo() {
    startWith(2, "verify.keys-per-second=1");
    try (Jedis client = shard.client()) {
      IntStream.range(0, 500).forEach(i -> client.set("key" + i, "value"));
    }
    assertThat(ask("SHARD", "s1").getString("state")).isEqualTo("running");
    assertThat(ask().getString("state")).isEqualTo("running");
    ask("STOP");
    await().until(() -> ask().getString("state").equals("stopped"));
    assertThat(replicas(ask()).getFirst().getString("state")).isEqualTo("stopped");
    assertThat(ask("SHARD", "s1", "AGAIN").getString("state")).isEqualTo("running");
  }

  @Test
  void aReplicaThatIsGoneDoesNotConcernTheOthers() {
    try (Jedis client = shard.client()) {
      client.set("key", "value");
      awaitReplicas();
    }
    shard.server(1).kill();
    Config found = finished();
    assertThat(replicas(found).getFirst().getString("state")).isEqualTo("failed");
    assertThat(replicas(found).getFirst().getString("reason")).contains("refused");
    assertThat(replicas(found).getLast().getString("state")).isEqualTo("finished");
    assertThat(replicas(found).getLast().getLong("keys")).isEqualTo(1);
  }

  @Test
  void asksTheServersOfAFencedShard() {
    startWith(
        3,
        "coordinator.id=c1",
        "coordinator.listen=\"127.0.0.1:" + FreePorts.next() + "\"",
        "coordinator.dir=\"" + folder.resolve("c1") + "\"",
        "coordinator.secret=of-this-test",
        "coordinator.election-timeout=200ms");
    try (Jedis client = shard.client()) {
      writeOneOfEach(client, "some:", 10);
    }
    Config found = finished();
    assertThat(found.getLong("keys")).isEqualTo(6);
    assertThat(replicas(found))
        .allSatisfy(replica -> assertThat(differences(replica)).isEmpty())
        .allSatisfy(replica -> assertThat(replica.getString("state")).isEqualTo("finished"));
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    startWith(1);
    assertThatThrownBy(() -> ask("SHARD", "s9"))
        .isInstanceOf(JedisDataException.class)
        .hasMessageContaining("no shard s9");
    for (String[] words : List.of(new String[] {"SHARD"}, new String[] {"NOW"})) {
      assertThatThrownBy(() -> ask(words)).hasMessageContaining("syntax error");
    }
    assertThat(replicas(finished())).isEmpty();
  }

  private static void writeOneOfEach(Jedis client, String prefix, int size) {
    client.set(prefix + "string", "x".repeat(size * 300));
    try (AbstractPipeline pipeline = client.pipelined()) {
      for (int i = 0; i < size; i++) {
        pipeline.rpush(prefix + "list", "element" + i);
        pipeline.sadd(prefix + "set", "member" + i);
        pipeline.hset(prefix + "hash", "field" + i, "value" + i);
        pipeline.zadd(prefix + "zset", i / 7.0, "member" + i);
        XAddParams id = XAddParams.xAddParams().id((i + 1) + "-1");
        pipeline.xadd(prefix + "stream", id, Map.of("field", "value" + i));
      }
      pipeline.sync();
    }
  }

  private Jedis changeable(int server) {
    Jedis replica = shard.directly(server);
    replica.configSet("replica-read-only", "no");
    return replica;
  }

  private void awaitReplicas() {
    try (Jedis leader = shard.directly(0)) {
      leader.set("last", "written");
      leader.del("last");
      int all = shard.replicas().size();
      await().until(() -> leader.waitReplicas(all, 1000) == all);
    }
  }

  /** What is found in the end. */
  private Config finished() {
    await().atMost(Duration.ofSeconds(90)).until(() -> !ask().getString("state").equals("running"));
    Config found = ask();
    assertThat(found.getString("state")).as(found.toString()).isEqualTo("finished");
    return found;
  }

  private Config ask(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("JSON");
    try (Jedis client = shard.client()) {
      byte[] json = (byte[]) client.sendCommand(VERIFY, all.toArray(String[]::new));
      return ConfigFactory.parseString(new String(json, StandardCharsets.UTF_8))
          .getConfigList("shards")
          .getFirst();
    }
  }

  private static List<? extends Config> replicas(Config found) {
    return found.getConfigList("replicas");
  }

  private static Map<String, String> differences(Config replica) {
    Map<String, String> kinds = new TreeMap<>();
    for (Config one : replica.getConfigList("first")) {
      kinds.put(one.getInt("database") + " " + one.getString("key"), one.getString("kind"));
    }
    return kinds;
  }
}
