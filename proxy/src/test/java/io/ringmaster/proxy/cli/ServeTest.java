package io.ringmaster.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes, as the start script runs them. */
@Timeout(120)
class ServeTest {
  @TempDir private Path folder;

  @Test
  void printsOneReadyLineAcceptsAndEndsOnSigterm() throws Exception {
    Process process =
        launch("serve", "--port", "0", "--shard", "127.0.0.1:1", "--set", "http.port=0");
    try {
      connect(awaitReady(process));
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void withoutOptionsItSaysWhichConfigurationItServes() throws Exception {
    Path file = Files.createDirectory(folder.resolve("conf")).resolve("ringmaster.conf");
    Files.writeString(
        file, "listen.port = 0, http.port = 0, shards = [{ id = a, leader = \"127.0.0.1:1\" }]");
    Path errors = folder.resolve("errors");
    Process process =
        builder(List.of("-Dringmaster.home=" + folder), "serve")
            .redirectError(errors.toFile())
            .start();
    try {
      awaitReady(process);
      assertThat(Files.readAllLines(errors).getFirst())
          .isEqualTo("ringmaster: no --config and no --shard, so it serves what %s says", file);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void withoutACoordinatorNothingOfRatisIsLoaded() throws Exception {
    Path log = folder.resolve("classes");
    Process process =
        launch(
            List.of("-Xlog:class+load:file=" + log),
            "serve",
            "--port",
            "0",
            "--shard",
            "127.0.0.1:1",
            "--set",
            "http.port=0");
    try {
      awaitReady(process);
      assertThat(Files.readString(log)).contains("StaticTopology").doesNotContain("ratis");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void findsAServerSoonWhoseNameGetsAnAddressOrAnotherOne() throws Exception {
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.77 moving\n");
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    try (RedisProcess redis = RedisProcess.start(binary, folder.resolve("redis"))) {
      Process process =
          launch(
              List.of("-Djdk.net.hosts.file=" + hosts),
              "serve",
              "--port",
              "0",
              "--shard",
              "moving:" + redis.port(),
              "--shard",
              "new:" + redis.port(),
              "--set",
              "http.port=-1");
      try {
        int port = awaitReady(process);
        assertThat(ask(port, "MGET a b c d e f")).startsWith("-UNAVAILABLE ");
        Files.writeString(hosts, "127.0.0.1 moving\n127.0.0.1 new\n");
        // Less than the JVM would keep the old address.
        await().atMost(Duration.ofSeconds(20)).until(() -> isReached(port));
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** By the data loops, and by the probes. */
  private static boolean isReached(int port) throws IOException {
    return ask(port, "MGET a b c d e f").startsWith("*6")
        && !ask(port, "KV.HEALTH JSON").contains("\"state\":\"down\"");
  }

  @Test
  void demoEndsItsServersOnSigterm() throws Exception {
    assertThat(serversLeftAfter(Process::destroy)).isEmpty();
  }

  @Test
  void demoServersEndEvenWhenTheDemoIsKilled() throws Exception {
    List<ProcessHandle> servers = serversLeftAfter(Process::destroyForcibly);

    for (ProcessHandle server : servers) {
      server.onExit().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void theCoordinatorsOfADemoAgreeAndComeBackWithTheirDirectory() throws Exception {
    String[] command = {
      "demo",
      "--port",
      "0",
      "--set",
      "http.port=0",
      "--shards",
      "1",
      "--nodes",
      "1",
      "--coordinators",
      "3",
      "--dir",
      folder.toString()
    };
    for (int round = 1; round <= 2; round++) {
      Process demo = launch(command);
      try {
        List<Integer> ports = new ArrayList<>();
        awaitReady(demo, ports);
        List<ProcessHandle> children = demo.descendants().toList();

        assertThat(ports).hasSize(3);
        for (int port : ports) {
          assertThat(ask(port, "KV.HEALTH JSON"))
              .contains("\"id\":\"c1\"", "\"id\":\"c2\"", "\"id\":\"c3\"", "\"leader\":\"c");
          assertThat(ask(port, "CLUSTER.EVENTS 9 JSON")).containsOnlyOnce("seed");
          String set = "SET round " + round;
          await().atMost(30, TimeUnit.SECONDS).until(() -> ask(port, set).equals("+OK"));
        }
        demo.destroy();
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
      } finally {
        demo.destroyForcibly();
      }
    }
  }

  /** The servers of a demo that still run when its own process has ended. */
  private List<ProcessHandle> serversLeftAfter(Consumer<Process> end) throws Exception {
    Process demo =
        launch(
            "demo",
            "--port",
            "0",
            "--set",
            "http.port=0",
            "--shards",
            "2",
            "--nodes",
            "2",
            "--dir",
            folder.toString());
    try {
      connect(awaitReady(demo));
      List<ProcessHandle> servers = demo.descendants().filter(ServeTest::isServer).toList();
      assertThat(servers).hasSize(4);
      end.accept(demo);
      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return servers.stream().filter(ProcessHandle::isAlive).toList();
    } finally {
      demo.destroyForcibly();
    }
  }

  private static boolean isServer(ProcessHandle handle) {
    return handle.info().command().filter(command -> !command.endsWith("sh")).isPresent();
  }

  private static Process launch(String... arguments) throws IOException {
    return launch(List.of(), arguments);
  }

  private static Process launch(List<String> options, String... arguments) throws IOException {
    return builder(options, arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static ProcessBuilder builder(List<String> options, String... arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(1, options);
    Stream.concat(Stream.of(Main.class.getName()), Stream.of(arguments)).forEach(command::add);
    return new ProcessBuilder(command);
  }

  private static int awaitReady(Process process) throws IOException {
    return awaitReady(process, new ArrayList<>());
  }

  /** The port of the proxy, which is added to {@code ports} after those of other coordinators. */
  private static int awaitReady(Process process, List<Integer> ports) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.matches("(ringmaster ready|another coordinator) on 127.0.0.1:[0-9]+")) {
        ports.add(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
      }
      if (line.startsWith("ringmaster ready")) {
        return ports.getLast();
      }
    }
    throw new AssertionError("ended before it was ready");
  }

  private static String ask(int port, String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return all.substring(0, all.lastIndexOf("+OK")).strip();
    }
  }

  private static void connect(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(socket.isConnected()).isTrue();
    }
  }
}
