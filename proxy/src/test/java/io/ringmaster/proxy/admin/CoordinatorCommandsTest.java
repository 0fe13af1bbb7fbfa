package io.ringmaster.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three whole proxies that are coordinators, and what an operator sends to them. */
@Timeout(120)
class CoordinatorCommandsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LEADER = Pattern.compile("\"leader\":\"(c[0-9])\"");

  @TempDir private Path folder;
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, ProxyServer> proxies = new TreeMap<>();

  @BeforeEach
  void start() throws IOException {
    for (String id : List.of("c1", "c2", "c3", "c4")) {
      ports.put(id, FreePorts.next());
      ports.put(id + "-http", FreePorts.next());
    }
    List<CompletableFuture<ProxyServer>> starting = new ArrayList<>();
    for (String id : List.of("c1", "c2", "c3")) {
      starting.add(launch(id));
    }
    proxies.put("c1", starting.get(0).join());
    proxies.put("c2", starting.get(1).join());
    proxies.put("c3", starting.get(2).join());
  }

  @AfterEach
  void stop() {
    proxies.values().forEach(ProxyServer::close);
  }

  @Test
  void healthNamesTheLeaderAndTheMembers() {
    String leader = awaitLeader();

    assertThat(call(followerOf(leader), "KV.HEALTH JSON"))
        .contains("\"config-group\":{", "\"leader\":\"" + leader + "\"", "\"member\":true")
        .contains("{\"address\":\"127.0.0.1:" + ports.get("c3") + "\",\"id\":\"c3\"}");
    assertThat(call("c1", "CLUSTER.STATUS JSON")).contains("\"coordinators\":3");
    assertThat(call("c2", "CLUSTER.SHARDMAP JSON")).contains("\"epoch\":1", "\"slots\":{\"s1\":");
    assertThat(call("c2", "CLUSTER.EVENTS 5 JSON"))
        .contains("\"epoch\":1", "\"cause\":\"configuration\"", "\"duration-ms\":0");
    assertThat(call("c2", "CLUSTER.EVENTS many")).startsWith("-ERR value is not an integer");
  }

  @Test
  void leadershipIsHandedOverFromAnyCoordinator() {
    String leader = awaitLeader();
    String next = followerOf(leader);

    assertThat(call(next, "CLUSTER.TRANSFERLEADER " + next + " JSON"))
        .contains("\"leader\":\"" + next + "\"");
    assertThat(awaitLeader()).isEqualTo(next);
    assertThat(call(leader, "CLUSTER.TRANSFERLEADER c9"))
        .isEqualTo("-ERR there is no coordinator c9\r\n");
  }

  @Test
  void oneIsAddedAndOneRemovedFromAnyCoordinator() {
    String follower = followerOf(awaitLeader());
    CompletableFuture<ProxyServer> joining = launch("c4");

    assertThat(call(follower, "CLUSTER.ADDCOORDINATOR c4 127.0.0.1:" + ports.get("c4")))
        .startsWith("*12\r\n$11\r\ncoordinator\r\n");
    proxies.put("c4", joining.join());
    assertThat(call("c4", "CLUSTER.STATUS JSON")).contains("\"coordinators\":4");
    assertThat(call(follower, "CLUSTER.REMOVECOORDINATOR " + follower + " JSON"))
        .contains("\"member\":false");
    await()
        .atMost(PATIENCE)
        .until(() -> call("c4", "CLUSTER.STATUS JSON").contains("\"coordinators\":3"));
    String removed = "this coordinator was removed from the config group: end";
    await().atMost(PATIENCE).until(() -> ready(follower).contains(removed));
    assertThat(ready(follower)).startsWith("HTTP/1.1 503");
    assertThat(call(follower, "PING"))
        .isEqualTo(
            "-CLUSTERDOWN this coordinator was removed from the config group;"
                + " connect to another one\r\n");
    assertThat(call("c4", "CLUSTER.ADDCOORDINATOR c5 nowhere"))
        .isEqualTo("-ERR 'nowhere' is not host:port\r\n");
    assertThat(call("c4", "CLUSTER.ADDCOORDINATOR c+ h:1")).startsWith("-ERR an id is");
  }

  @Test
  void withoutAMajorityTheErrorSaysSo() {
    String leader = awaitLeader();
    for (String id : List.of("c1", "c2", "c3")) {
      if (!id.equals(leader)) {
        Objects.requireNonNull(proxies.remove(id), id).close();
      }
    }

    assertThat(call(leader, "CLUSTER.REMOVECOORDINATOR " + leader))
        .startsWith("-UNAVAILABLE no majority of the coordinators answers within 3 s; ")
        .doesNotContain("client-", "Raft", "Exception");
    for (String command :
        List.of(
            "CLUSTER.START",
            "CLUSTER.STOP SHARD s1",
            "CLUSTER.ADOPT s1",
            "CLUSTER.FAILOVER s1",
            "CLUSTER.ADDNODE 127.0.0.1:3 SHARD s1",
            "CLUSTER.REMOVENODE 127.0.0.1:1",
            "KV.EXCLUDEFAILED")) {
      assertThat(call(leader, command))
          .as(command)
          .isEqualTo("-UNAVAILABLE no majority of the coordinators answers within 3 s\r\n");
    }
  }

  @Test
  void whatHasNoLeaderIsNotSaidToBeStartedNorHandedOver() {
    String at = followerOf(awaitLeader());
    // Nobody is there to choose a leader.
    assertThat(call(at, "CLUSTER.FAILOVER s1 FORCE JSON")).contains("\"epoch\":2");

    assertThat(call(at, "CLUSTER.FAILOVER s1 TO 127.0.0.1:1"))
        .startsWith("-ERR shard s1 has no leader just now: KV.HEALTH says");
    assertThat(call(at, "CLUSTER.START SHARD s1"))
        .startsWith(
            "-ERR shard s1: it was not stopped, and has no leader just now: KV.HEALTH says");
    assertThat(call(at, "CLUSTER.STOP SHARD s1")).startsWith("-ERR shard s1: ");
  }

  @Test
  void whoseFolderIsGoneSendsItsClientsAwayAndIsNotReady() throws IOException {
    String leader = awaitLeader();
    String error =
        "-CLUSTERDOWN this coordinator cannot keep the log of the config group; connect to another"
            + " one\r\n";
    try (RawClient before = new RawClient(port(leader))) {
      assertThat(before.call("PING")).isEqualTo("+PONG\r\n");
      assertThat(ready(leader)).startsWith("HTTP/1.1 200");
      Files.move(folder.resolve(leader), folder.resolve("away"));

      await().atMost(PATIENCE).until(() -> ready(leader).startsWith("HTTP/1.1 503"));
      assertThat(ready(leader))
          .contains(folder.resolve(leader).toString(), "no such file or directory");
      assertThat(before.send("SET a 1\r\nGET a\r\n").rest()).isEqualTo(error);
    }
    try (RawClient after = new RawClient(port(leader))) {
      assertThat(after.send("HELLO 3\r\n").rest()).isEqualTo(error);
    }
    await().atMost(PATIENCE).until(() -> !List.of("", leader).contains(leader(followerOf(leader))));
  }

  private String ready(String at) {
    try (RawClient client = new RawClient(http(at))) {
      return client.send("GET /ready HTTP/1.1\r\nConnection: close\r\n\r\n").rest();
    }
  }

  private int http(String id) {
    return Objects.requireNonNull(ports.get(id + "-http"), id);
  }

  private CompletableFuture<ProxyServer> launch(String id) {
    StringBuilder peers = new StringBuilder();
    for (String peer : List.of("c1", "c2", "c3")) {
      peers.append("{id=%s,address=\"127.0.0.1:%d\"}".formatted(peer, ports.get(peer)));
    }
    String[] settings = {
      "http.port=" + http(id),
      "http.ready-when=none",
      "coordinator.id=" + id,
      "coordinator.fence=false",
      "coordinator.listen=\"127.0.0.1:" + ports.get(id) + "\"",
      "coordinator.peers=[" + peers.toString().replace("}{", "},{") + "]",
      "coordinator.dir=\"" + folder.resolve(id) + "\"",
      "coordinator.timeout=3s",
      "coordinator.election-timeout=200ms",
    };
    return CompletableFuture.supplyAsync(
        () -> FakeShards.proxy(List.of("127.0.0.1:1", "127.0.0.1:2"), settings),
        task -> new Thread(task).start());
  }

  private String awaitLeader() {
    await()
        .atMost(PATIENCE)
        .until(() -> proxies.keySet().stream().map(this::leader).distinct().count() == 1);
    await().atMost(PATIENCE).until(() -> !leader("c1").isEmpty());
    return leader("c1");
  }

  private String leader(String at) {
    Matcher found = LEADER.matcher(call(at, "KV.HEALTH JSON"));
    return found.find() ? found.group(1) : "";
  }

  private String followerOf(String leader) {
    return proxies.keySet().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  private String call(String at, String command) {
    try (RawClient client = new RawClient(port(at))) {
      return client.call(command);
    }
  }

  private int port(String at) {
    return Objects.requireNonNull(proxies.get(at), at).address().getPort();
  }
}
