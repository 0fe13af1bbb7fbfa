package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What clients are told of servers that a coordinator keeps them from asking themselves. */
class ServerParametersTest {

  @TempDir private Path folder;
  private ReplicatedShard shard;
  private Jedis client;

  @BeforeEach
  void start() {
    shard =
        ReplicatedShard.coordinated(
            folder, 1, List.of("--maxmemory-policy", "volatile-lru"), "probe.interval=50ms");
    client = shard.client();
    // Answered once the shard has a leader.
    client.set("key", "value");
  }

  @AfterEach
  void stop() {
    client.close();
    shard.close();
  }

  @Test
  void redisBenchmarkFindsTheConfiguration() throws IOException {
    await().until(() -> !client.configGet("save").isEmpty());
    Programs.need("redis-benchmark");
    Programs.Result result =
        Programs.run(
            folder,
            "",
            List.of(
                "redis-benchmark",
                "-p",
                "" + client.getConnection().getHostAndPort().getPort(),
                "-n",
                "100",
                "-t",
                "set"));
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).doesNotContain("WARNING").contains("host configuration \"save\"");
  }

  @Test
  void infoTellsHowTheServerIsConfigured() {
    assertThat(client.info("memory")).contains("maxmemory_policy:volatile-lru");
  }
}
