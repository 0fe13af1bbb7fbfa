package io.ringmaster.proxy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.config.Settings.Shard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
  @TempDir private Path folder;

  @Test
  void keepsDataAndPortThroughAKillAndARestart() throws IOException {
    try (RedisProcess server =
        RedisProcess.start(binary(), folder.resolve("n1"), "--appendfsync", "always")) {
      assertThat(ask(server.address(), "SET k v")).isEqualTo("+OK");
      long before = server.pid();

      server.kill();
      assertThat(server.isAlive()).isFalse();
      server.restart();
      server.awaitReady();

      assertThat(server.pid()).isNotEqualTo(before);
      assertThat(ask(server.address(), "STRLEN k")).isEqualTo(":1");
    }
  }

  @Test
  void aPausedServerAnswersAgainAfterResume() throws IOException {
    try (RedisProcess server = RedisProcess.start(binary(), folder.resolve("n1"))) {
      server.pause();
      assertThatThrownBy(() -> ask(server.address(), "PING"))
          .isInstanceOf(SocketTimeoutException.class);
      server.resume();
      assertThat(ask(server.address(), "PING")).isEqualTo("+PONG");
      server.pause();
    }
    assertThat(Files.readString(folder.resolve("n1/redis.log"))).contains("bye bye");
  }

  @Test
  void aReplicaOfNobodyIsReadyOnceItHasLoadedItsData() throws IOException {
    String[] options = {
      "--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no", "--key-load-delay", "200"
    };
    try (RedisProcess server = RedisProcess.start(binary(), folder.resolve("n1"), options)) {
      ask(server.address(), "REPLICAOF NO ONE");
      ask(server.address(), "EVAL \"for i = 1, 5000 do redis.call('SET', i, i) end\" 0");

      server.restart();
      server.awaitReady();

      ask(server.address(), "REPLICAOF NO ONE");
      assertThat(ask(server.address(), "DBSIZE")).isEqualTo(":5000");
    }
  }

  @Test
  void saysWhyAServerDoesNotStart() {
    assertThatThrownBy(
            () -> RedisProcess.start(binary(), folder.resolve("n1"), "--no-such-option", "1"))
        .isInstanceOf(DemoException.class)
        .hasMessageContaining("ended");
  }

  @Test
  void theServerThatShipsInsideRuns() throws IOException {
    Path shipped = RedisBinary.unpack(folder);
    try (RedisProcess server = RedisProcess.start(shipped, folder.resolve("n1"))) {
      assertThat(ask(server.address(), "PING")).isEqualTo("+PONG");
    }
  }

  @Test
  void theServerThatShipsInsideCanBeStartedWhileOthersAre() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> others =
        Stream.generate(() -> Thread.ofVirtual().start(() -> startPrograms(done)))
            .limit(3)
            .toList();
    try {
      for (int i = 0; i < 50; i++) {
        Path shipped = RedisBinary.unpack(folder);
        start(shipped.toString(), "--version");
      }
    } finally {
      done.set(true);
      for (Thread other : others) {
        other.join();
      }
    }
  }

  @Test
  void aSecondDemoInTheSameDirectoryFindsTheData() throws IOException {
    try (DemoCluster first = cluster()) {
      Shard shard = first.start(1, 2).getFirst();
      assertThat(ask(shard.leader(), "SET k v")).isEqualTo("+OK");
      Address replica = shard.replicas().getFirst();
      await().untilAsserted(() -> assertThat(ask(replica, "STRLEN k")).isEqualTo(":1"));
    }
    try (DemoCluster second = cluster()) {
      assertThat(ask(second.start(1, 2).getFirst().leader(), "STRLEN k")).isEqualTo(":1");
    }
    try (DemoCluster third = cluster()) {
      assertThatThrownBy(() -> third.start(2, 1)).hasMessageContaining("holds data of 1 shards");
    }
  }

  @Test
  void aDirectoryBelongsToOneDemo() throws IOException {
    try (DemoDirectory first = DemoDirectory.open(Optional.of(folder))) {
      assertThatThrownBy(() -> DemoDirectory.open(Optional.of(folder)))
          .hasMessageContaining("another demo runs in " + first.path());
    }
    DemoDirectory.open(Optional.of(folder)).close();
  }

  @Test
  void aTemporaryDirectoryGoesWithTheDemo() {
    DemoDirectory directory = DemoDirectory.open(Optional.empty());
    try (DemoCluster cluster = new DemoCluster(binary(), directory, 17)) {
      cluster.start(1, 1);
      assertThat(directory.path()).isDirectory();
    }
    assertThat(directory.path()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis-server", "valkey-server"})
  void findsAServerOnThePath(String name) throws IOException {
    Path program = Files.createFile(folder.resolve(name));
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThat(RedisBinary.locate("", Map.of("PATH", "/nowhere:" + folder), folder))
        .isEqualTo(program);
    assertThat(RedisBinary.locate(name, Map.of("PATH", folder.toString()), folder))
        .isEqualTo(program);
    assertThat(RedisBinary.locate("", Map.of(RedisBinary.VARIABLE, program.toString()), folder))
        .isEqualTo(program);
  }

  @Test
  void namesAConfiguredServerThatIsNotThere() {
    assertThatThrownBy(() -> RedisBinary.locate("/nowhere/redis", Map.of(), folder))
        .isInstanceOf(DemoException.class)
        .hasMessageContaining("/nowhere/redis");
  }

  private static void startPrograms(AtomicBoolean done) {
    while (!done.get()) {
      start("true");
    }
  }

  private static void start(String... command) {
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DemoCluster cluster() {
    return new DemoCluster(binary(), DemoDirectory.open(Optional.of(folder.resolve("demo"))), 17);
  }

  private Path binary() {
    return RedisBinary.locate("", System.getenv(), folder);
  }

  private static String ask(Address address, String command) throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return String.valueOf(reader.readLine());
    }
  }
}
