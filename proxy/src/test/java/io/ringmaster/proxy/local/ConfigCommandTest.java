package io.ringmaster.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONFIG GET of a proxy, and of the server with a password behind it. */
@Timeout(60)
class ConfigCommandTest {

  /** What is the proxy's own, or hidden. */
  private static final Set<String> OTHERS =
      Set.of(
          "port",
          "bind",
          "databases",
          "maxclients",
          "timeout",
          "protected-mode",
          "requirepass",
          "masterauth",
          "tcp-backlog");

  @TempDir private static Path folder;
  private static Path binary;
  private static RedisProcess redis;
  private static RawClient direct;

  @BeforeAll
  static void start() {
    binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    redis =
        RedisProcess.start(
            binary, folder.resolve("r"), "--requirepass", "sesame", "--masterauth", "sesame");
    direct = new RawClient(redis.port());
    direct.call("AUTH sesame");
    direct.call("CONFIG SET notify-keyspace-events KEA maxmemory 123456789 save \"60 7\"");
  }

  @AfterAll
  static void stop() {
    direct.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "*max*",
        "*MAX*",
        "[a-c]*",
        "[^a-y]*",
        "s?ve",
        "maxmemory notify-keyspace-events save",
        "list-* set-* appendonly",
        "*pass* *auth*"
      })
  void tellsTheSameParametersAsTheServer(String wanted) {
    Map<String, String> expected = get(direct, wanted);
    try (ProxyServer proxy = proxy("10m");
        RawClient client = new RawClient(proxy.address().getPort())) {
      Map<String, String> told = get(client, wanted);
      assertThat(told.keySet()).isEqualTo(expected.keySet());
      told.keySet().removeAll(OTHERS);
      assertThat(expected).containsAllEntriesOf(told);
    }
  }

  @Test
  void tellsOfItselfWhatIsItsOwn() {
    try (ProxyServer proxy = proxy("10m");
        RawClient client = new RawClient(proxy.address().getPort())) {
      assertThat(get(client, "port bind maxclients timeout databases tcp-backlog protected-mode"))
          .isEqualTo(
              Map.of(
                  "port", "" + proxy.address().getPort(),
                  "bind", "127.0.0.1",
                  "maxclients", "777",
                  "timeout", "3600",
                  "databases", "9",
                  "tcp-backlog", "99",
                  "protected-mode", "yes"));
    }
  }

  @Test
  void tellsNoSecretOfAServer() {
    try (ProxyServer proxy = proxy("10m");
        RawClient client = new RawClient(proxy.address().getPort())) {
      assertThat(get(client, "requirepass masterauth masteruser tls-key-file-pass"))
          .hasSize(4)
          .values()
          .containsOnly("");
      assertThat(get(client, "*").toString()).doesNotContain("sesame");
    }
  }

  @Test
  void whatTheProbesHaveFoundIsToldWithoutAskingTheServer() {
    try (ProxyServer proxy = proxy("50ms");
        RawClient client = new RawClient(proxy.address().getPort())) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> client.call("KV.HEALTH JSON").contains("\"state\":\"up\""));
      redis.pause();
      assertThat(get(client, "save appendonly databases"))
          .isEqualTo(Map.of("save", "60 7", "appendonly", "yes", "databases", "9"));
    } finally {
      redis.resume();
    }
  }

  @Test
  void tellsTheSameWhereItsUsersMayNotAskTheServer() {
    try (RedisProcess server =
            RedisProcess.start(binary, folder.resolve("coordinated"), "--maxmemory", "123456789");
        ProxyServer proxy =
            FakeShards.proxy(
                List.of(server.address().toString()),
                "probe.interval=50ms",
                "coordinator.id=c1",
                "coordinator.listen=\"127.0.0.1:" + FreePorts.next() + "\"",
                "coordinator.dir=\"" + folder.resolve("c1") + "\"",
                "coordinator.secret=of-this-test",
                "coordinator.election-timeout=200ms");
        RawClient client = new RawClient(proxy.address().getPort())) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> client.call("KV.HEALTH JSON").contains("\"state\":\"up\""));
      assertThat(get(client, "appendonly maxmemory databases"))
          .isEqualTo(Map.of("appendonly", "yes", "maxmemory", "123456789", "databases", "15"));
    }
  }

  @Test
  void withoutAnyServerItTellsOnlyOfItself() {
    try (ProxyServer proxy = FakeShards.proxy(List.of("127.0.0.1:1"));
        RawClient client = new RawClient(proxy.address().getPort())) {
      assertThat(get(client, "databases save")).isEqualTo(Map.of("databases", "15"));
    }
  }

  private static ProxyServer proxy(String interval) {
    return FakeShards.proxy(
        List.of(redis.address().toString()),
        "backend.password=sesame",
        "probe.interval=" + interval,
        "limits.max-clients=777",
        "limits.idle-timeout=1h",
        "listen.backlog=99",
        "backend.databases=9");
  }

  private static Map<String, String> get(RawClient client, String wanted) {
    String reply = client.call("CONFIG GET " + wanted);
    return StringPairs.parse(reply.getBytes(StandardCharsets.UTF_8));
  }
}
