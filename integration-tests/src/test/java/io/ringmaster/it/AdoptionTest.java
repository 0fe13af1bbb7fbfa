package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.cli.Main;
import io.ringmaster.proxy.demo.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Servers that run already, with data and clients, are taken over by {@code ringmaster import}. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class AdoptionTest {

  private static final int KEYS = 20_000;

  @TempDir private Path folder;
  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<AutoCloseable> started = new ArrayList<>();
  private @Nullable CoordinatorFleet fleet;

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : started.reversed()) {
      each.close();
    }
    servers.forEach(RedisProcess::close);
  }

  @Test
  void aSentinelSetUpUnderLoadIsTakenOverAndNoAcknowledgedWriteIsLost() throws IOException {
    startServers(3);
    fill();
    Sentinels sentinels = startSentinels();
    CoordinatorFleet coordinators = startCoordinators("c1", "c2", "c3");
    List<CheckedWrites> writers = new ArrayList<>();
    for (String id : List.of("c1", "c2", "c3")) {
      writers.add(write(id + ":", moving(() -> coordinators.client(id))));
    }
    CheckedWrites stubborn = write("stubborn:", this::master);
    writers.forEach(writer -> writer.awaitMore(50));
    stubborn.awaitMore(50);

    Programs.Result done = importFrom(sentinels.address(), "--to", to("c1", "c2", "c3"), "--apply");

    assertThat(done.output()).contains("serves; for ");
    assertThat(done.exitCode()).isZero();
    assertThat(sentinels.all(sentinel -> sentinel.sentinelMasters().isEmpty())).isTrue();
    writers.forEach(writer -> writer.awaitMore(50));
    assertNothingWasCopied();
    assertDirectWritesAreRefused();

    Admission.awaitAll(
        servers.stream().map(ServerProcess::new).toList(),
        () -> coordinators.ask("c1", "KV.HEALTH JSON"));
    servers.getFirst().kill();
    writers.forEach(writer -> writer.awaitMore(50));
    assertNothingIsLost(writers, stubborn);
  }

  @Test
  void aStandaloneServerIsTakenOverWithItsDatabases() throws IOException {
    startServers(1);
    fill();
    try (Jedis master = master()) {
      master.select(3);
      master.set("elsewhere", "value");
    }
    CoordinatorFleet coordinators = startCoordinators("c1");
    CheckedWrites writer = write("w:", moving(() -> coordinators.client("c1")));
    writer.awaitMore(50);

    Programs.Result done = importFrom(address(0), "--to", to("c1"), "--apply");

    assertThat(done.output())
        .contains("note: database 3 (keys=1,", "note: without replicas", "serves; for ");
    assertThat(done.exitCode()).isZero();
    writer.awaitMore(50);
    assertNothingIsLost(List.of(writer));
    try (Jedis client = coordinators.client("c1")) {
      client.select(3);
      assertThat(client.get("elsewhere")).isEqualTo("value");
    }
  }

  @Test
  void withoutApplyNothingIsChangedAndNothingIsBeforeAnOperatorAsks() throws IOException {
    startServers(2);
    Sentinels sentinels = startSentinels();
    CoordinatorFleet coordinators = startCoordinators("c1");
    String before = users();

    Programs.Result looked = importFrom(sentinels.address(), "--master", "it", "--to", to("c1"));

    assertThat(looked.output())
        .contains("SENTINEL REMOVE it at " + sentinels.address(), "coordinator.adopt = false")
        .contains("leader = \"%s\", replicas = [\"%s\"]".formatted(address(0), address(1)))
        .endsWith("nothing was changed; --to and --apply do it\n");
    assertThat(looked.exitCode()).isZero();
    assertThat(sentinels.all(sentinel -> sentinel.sentinelMasters().size() == 1)).isTrue();
    assertThat(users()).isEqualTo(before).doesNotContain("rp-");
    assertThat(coordinators.ask("c1", "KV.HEALTH JSON"))
        .contains("\"leadership\":\"new\"", "CLUSTER.ADOPT s1");
    try (Jedis client = coordinators.client("c1")) {
      assertThatThrownBy(() -> client.set("key", "value")).hasMessageStartingWith("CLUSTERDOWN ");
    }
  }

  @Test
  void anObstacleIsToldAndKeepsEverythingAsItIs() throws IOException {
    startServers(2);
    Sentinels sentinels = startSentinels();
    sentinels.killOne();
    try (Jedis master = master()) {
      master.configSet("maxmemory-policy", "allkeys-lru");
      master.set("\u0001mine", "value");
    }
    String before = users();

    Programs.Result refused = importFrom(sentinels.address(), "--to", "127.0.0.1:1", "--apply");

    assertThat(refused.output())
        .contains("obstacle: Sentinel 127.0.0.1:")
        .contains("obstacle: 127.0.0.1:1: ")
        .contains("its maxmemory-policy allkeys-lru may evict the marker")
        .contains("key \"\\x01mine\" is reserved")
        .endsWith("refused: an obstacle is in the way; nothing was changed\n");
    assertThat(refused.exitCode()).isOne();
    assertThat(users()).isEqualTo(before);
    try (Jedis sentinel = new Jedis("127.0.0.1", port(sentinels.address()))) {
      assertThat(sentinel.sentinelMasters()).hasSize(1);
    }
  }

  @Test
  void aMasterThatSentinelsWatchIsNotTakenWithoutThem() throws IOException {
    startServers(2);
    startSentinels();

    assertThat(importFrom(address(0)).output())
        .contains("3 Sentinels watch it; name one of them with --from");
    assertThat(importFrom(address(1)).output())
        .contains("is a replica; name its master, " + address(0));
  }

  private void startServers(int count) {
    Path binary = Proxies.redis(folder);
    for (int i = 0; i < count; i++) {
      Path home = folder.resolve("redis" + i);
      servers.add(
          i == 0
              ? RedisProcess.start(binary, home)
              : RedisProcess.start(
                  binary, home, "--replicaof", "127.0.0.1", "" + port(address(0))));
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              try (Jedis master = master()) {
                return master.info("replication").split("state=online", -1).length == count;
              }
            });
  }

  private Sentinels startSentinels() {
    Sentinels sentinels =
        new Sentinels(Proxies.redis(folder), folder, servers.getFirst().port(), servers.size() - 1);
    started.add(sentinels);
    return sentinels;
  }

  private CoordinatorFleet startCoordinators(String... ids) {
    String nodes =
        servers.stream()
            .map(server -> server.address().toString())
            .collect(Collectors.joining(","));
    CoordinatorFleet created =
        new CoordinatorFleet(
            folder, List.of(nodes), List.of(ids), List.of("coordinator.adopt=false"));
    started.add(created);
    fleet = created;
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> List.of(ids).stream().noneMatch(id -> created.leader(id).isEmpty()));
    return created;
  }

  private void fill() {
    try (Jedis master = master()) {
      master.eval(
          "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'old:' .. i, i) end",
          0,
          String.valueOf(KEYS));
    }
  }

  private CheckedWrites write(String prefix, Supplier<Jedis> connector) {
    CheckedWrites writer = new CheckedWrites(connector, prefix);
    started.add(writer);
    return writer;
  }

  /** The master until it refuses, and then Ringmaster. */
  private Supplier<Jedis> moving(Supplier<Jedis> through) {
    AtomicBoolean first = new AtomicBoolean(true);
    return () -> first.getAndSet(false) ? master() : through.get();
  }

  private Jedis master() {
    return new Jedis("127.0.0.1", servers.getFirst().port(), 20_000);
  }

  private String address(int server) {
    return servers.get(server).address().toString();
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  private String to(String... ids) {
    CoordinatorFleet running = Objects.requireNonNull(fleet);
    return List.of(ids).stream().map(running::clientAddress).collect(Collectors.joining(","));
  }

  private Programs.Result importFrom(String address, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "import",
                "--from",
                address));
    command.addAll(List.of(options));
    return Programs.run(folder, command);
  }

  private String users() {
    StringBuilder users = new StringBuilder();
    for (RedisProcess server : servers) {
      try (Jedis direct = new Jedis("127.0.0.1", server.port())) {
        users.append(direct.aclList()).append(direct.info("replication").lines().toList().get(1));
      }
    }
    return users.toString();
  }

  private void assertNothingWasCopied() {
    try (Jedis master = master()) {
      assertThat(master.info("stats")).contains("sync_full:" + (servers.size() - 1) + "\r\n");
    }
  }

  private void assertDirectWritesAreRefused() {
    try (Jedis master = master()) {
      assertThat(master.get("old:1")).isEqualTo("1");
      assertThatThrownBy(() -> master.set("old:1", "other"))
          .isInstanceOf(JedisException.class)
          .hasMessageStartingWith("NOPERM ");
    }
  }

  private void assertNothingIsLost(List<CheckedWrites> writers, CheckedWrites... more) {
    List<CheckedWrites> all = new ArrayList<>(writers);
    all.addAll(List.of(more));
    all.forEach(CheckedWrites::stop);
    try (Jedis client = Objects.requireNonNull(fleet).client("c1")) {
      for (CheckedWrites writer : all) {
        assertThat(writer.missing(client)).isEmpty();
      }
      assertThat(client.get("old:" + KEYS)).isEqualTo("" + KEYS);
      assertThat(client.get("old:1")).isEqualTo("1");
    }
  }
}
