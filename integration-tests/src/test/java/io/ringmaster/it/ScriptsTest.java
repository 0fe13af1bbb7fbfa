package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisException;

/** Pipelines that call scripts by their digests, whatever happens to the servers. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class ScriptsTest {

  private static final String EVALUATED = "return redis.call('INCR', KEYS[1])";
  private static final String LOADED = "return redis.call('GET', KEYS[1])";
  private static final ProtocolCommand CONSISTENCY = command("KV.CONSISTENCY");
  private static final ProtocolCommand FAILOVER = command("CLUSTER.FAILOVER");
  private static final ProtocolCommand EVALSHA_RO = command("EVALSHA_RO");

  private static ProtocolCommand command(String name) {
    return () -> name.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void areFoundAfterTheirLeaderWasLost(@TempDir Path folder) {
    try (ReplicatedShard shard = ReplicatedShard.coordinated(folder, 3);
        Jedis client = shard.client()) {
      Scripts scripts = new Scripts(client);
      scripts.assertFound();
      for (int round = 0; round < 3; round++) {
        shard.awaitServing();
        shard.awaitAllAdmitted();
        RedisProcess leader = shard.leader();
        leader.kill();
        await()
            .atMost(Duration.ofMinutes(1))
            .ignoreExceptionsInstanceOf(JedisException.class)
            .until(() -> client.set("probe", "v").equals("OK"));
        scripts.assertFound();
        leader.restart();
      }
    }
  }

  @Test
  void areFoundAfterAHandOver(@TempDir Path folder) {
    try (ReplicatedShard shard = ReplicatedShard.coordinated(folder, 3);
        Jedis client = shard.client()) {
      Scripts scripts = new Scripts(client);
      for (int round = 0; round < 3; round++) {
        shard.awaitServing();
        shard.awaitAllAdmitted();
        scripts.assertFound();
        client.sendCommand(FAILOVER, "s1");
        scripts.assertFound();
      }
    }
  }

  @Test
  void areFoundAfterAServerWasRestarted(@TempDir Path folder) {
    try (Shards shards = new Shards(folder, 1);
        Jedis client = shards.client()) {
      Scripts scripts = new Scripts(client);
      scripts.assertFound();
      shards.server(0).kill();
      shards.server(0).restart();
      await()
          .ignoreExceptionsInstanceOf(JedisException.class)
          .until(() -> client.set("probe", "v").equals("OK"));
      scripts.assertFound();
    }
  }

  @Test
  void areFoundAtEveryLevelOfReads(@TempDir Path folder) {
    try (ReplicatedShard shard = new ReplicatedShard(folder, 3, "probe.interval=100ms");
        Jedis client = shard.client()) {
      client.set("key", "value");
      Scripts scripts = new Scripts(client);
      client.sendCommand(CONSISTENCY, "READ", "replica");
      await()
          .until(() -> "value".equals(client.get("key")) && replicaCalls(shard).contains("_get:"));
      for (String level : List.of("first", "nearest", "replica", "leader", "linearizable")) {
        client.sendCommand(CONSISTENCY, "READ", level);
        Pipeline pipeline = client.pipelined();
        List<Response<Object>> values = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          values.add(pipeline.sendCommand(EVALSHA_RO, scripts.loaded, "1", "key"));
        }
        pipeline.sync();
        for (Response<Object> value : values) {
          assertThat(value.get()).as(level).isEqualTo("value".getBytes(StandardCharsets.US_ASCII));
        }
      }
      assertThat(replicaCalls(shard)).contains("_eval_ro:");
    }
  }

  private static String replicaCalls(ReplicatedShard shard) {
    try (Jedis one = shard.directly(1);
        Jedis other = shard.directly(2)) {
      return one.info("commandstats") + other.info("commandstats");
    }
  }

  @Test
  void whatIsLoadedOrFlushedIsSoOnReplicasToo(@TempDir Path folder) {
    try (ReplicatedShard shard = new ReplicatedShard(folder, 3);
        Jedis client = shard.client()) {
      String digest = client.scriptLoad(LOADED);
      assertThat(client.scriptExists(digest)).isTrue();
      for (int i = 0; i < 3; i++) {
        try (Jedis server = shard.directly(i)) {
          await().until(() -> server.scriptExists(digest));
        }
      }
      client.scriptFlush();
      for (int i = 0; i < 3; i++) {
        try (Jedis server = shard.directly(i)) {
          await().until(() -> !server.scriptExists(digest));
        }
      }
    }
  }

  /** One script that was evaluated, and one that was loaded. */
  private static final class Scripts {
    private final Jedis client;
    private final String loaded;
    private final String evaluated;

    Scripts(Jedis client) {
      this.client = client;
      this.loaded = client.scriptLoad(LOADED);
      // No server knows the second one but the leader of the counter.
      client.eval(EVALUATED, 1, "counter");
      this.evaluated = sha1(client);
    }

    private static String sha1(Jedis client) {
      return (String) client.eval("return redis.sha1hex(ARGV[1])", 0, EVALUATED);
    }

    void assertFound() {
      assertThat(client.scriptExists(loaded, evaluated)).containsExactly(true, true);
      Pipeline pipeline = client.pipelined();
      List<Response<Object>> counts = new ArrayList<>();
      List<Response<Object>> values = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        counts.add(pipeline.evalsha(evaluated, 1, "counter"));
        values.add(pipeline.evalsha(loaded, 1, "counter"));
      }
      pipeline.sync();
      for (int i = 0; i < 100; i++) {
        assertThat(values.get(i).get()).isEqualTo("" + counts.get(i).get());
      }
    }
  }
}
