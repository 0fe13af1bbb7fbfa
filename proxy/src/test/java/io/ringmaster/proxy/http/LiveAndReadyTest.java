package io.ringmaster.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proxy in front of one server that runs and one that does not. */
@Timeout(120)
class LiveAndReadyTest {

  @TempDir private Path folder;
  private final int httpPort = FreePorts.next();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<ProxyServer> running = new ArrayList<>();
  private RedisProcess redis;

  @BeforeEach
  void start() {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    redis = RedisProcess.start(binary, folder.resolve("r"));
  }

  @AfterEach
  void stop() {
    running.forEach(ProxyServer::close);
    http.close();
    redis.resume();
    redis.close();
  }

  @Test
  void isReadyWhileAnyShardServes() throws Exception {
    serve();
    await().until(() -> status("/ready") == 200);
    assertThat(body("/ready"))
        .contains("\"s1\":{\"ok\":true}", "\"s2\":{\"ok\":false,\"reason\":\"its leader ");
    redis.pause();
    await().until(() -> status("/ready") == 503);
    assertThat(body("/ready")).contains("none of them serves: [s1, s2]");
    redis.resume();
    await().until(() -> status("/ready") == 200);
  }

  @Test
  void isReadyOnlyWhileAllServeIfItIsToldSo() throws Exception {
    serve("http.ready-when=all");
    await().until(() -> body("/ready").contains("\"s1\":{\"ok\":true}"));
    assertThat(status("/ready")).isEqualTo(503);
    assertThat(body("/ready")).contains("not all of them serve: [s2]");
  }

  @Test
  void isReadyWhileTheShardsServeThatMatter() throws Exception {
    serve("http.ready-when=all", "http.ready-shards=[s1]");
    await().until(() -> status("/ready") == 200);
  }

  @Test
  void isNotReadyWhileNoneServesOfTheShardsThatMatter() throws Exception {
    serve("http.ready-shards=[s2, s9]");
    await().until(() -> body("/ready").contains("\"s1\":{\"ok\":true}"));
    assertThat(body("/ready")).contains("none of them serves: [s2, s9]");
  }

  @Test
  void isReadyWithoutAnyShardIfNoneMatters() throws Exception {
    redis.pause();
    serve("http.ready-when=none");
    await().until(() -> status("/ready") == 200);
  }

  @Test
  void isLiveHoweverLongClientsWaitForServersThatAreDown() throws Exception {
    ProxyServer proxy = serve("http.stall-limit=1s");
    redis.pause();
    await().until(() -> body("/ready").contains("none of them serves"));
    List<Integer> seen = new ArrayList<>();
    try (RawClient client = new RawClient(proxy.address().getPort())) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                client.call("MGET a b c d e f g h");
                seen.add(status("/live"));
                return seen.size() == 12;
              });
    }
    assertThat(seen).containsOnly(200);
    assertThat(body("/live")).contains("\"loop 0\":{\"ok\":true}", "memory", "servers");
  }

  private ProxyServer serve(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "http.port=" + httpPort,
                "probe.interval=50ms",
                "probe.timeout=500ms",
                "backend.reply-timeout=100ms"));
    all.addAll(List.of(settings));
    ProxyServer started =
        FakeShards.proxy(
            List.of(redis.address().toString(), "127.0.0.1:1"), all.toArray(String[]::new));
    running.add(started);
    return started;
  }

  private int status(String path) throws IOException, InterruptedException {
    return get(path).statusCode();
  }

  private String body(String path) throws IOException, InterruptedException {
    return get(path).body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + httpPort + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
