package io.ringmaster.it;

import io.ringmaster.proxy.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;

/** Coordinators as processes that can be killed, paused and started again. */
final class CoordinatorFleet implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final Pattern LEADER = Pattern.compile("\"leader\":\"(c[0-9])\"");

  private final Path folder;
  private final String shard;
  private final List<String> founders;
  private final Map<String, Integer> clientPorts = new TreeMap<>();
  private final Map<String, Integer> groupPorts = new TreeMap<>();
  private final Map<String, Process> processes = new TreeMap<>();

  /** {@code shard}: the nodes that they all serve. */
  CoordinatorFleet(Path folder, String shard, List<String> founders) {
    this.folder = folder;
    this.shard = shard;
    this.founders = founders;
    founders.forEach(this::prepare);
    founders.forEach(this::launch);
  }

  private void prepare(String id) {
    clientPorts.put(id, freePort());
    groupPorts.put(id, freePort());
  }

  /** Starts it, for the first time or again; does not wait. */
  void launch(String id) {
    if (!clientPorts.containsKey(id)) {
      prepare(id);
    }
    String peers =
        founders.stream()
            .map(peer -> "{id=%s,address=\"%s\"}".formatted(peer, address(peer)))
            .collect(Collectors.joining(","));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--shard",
                shard,
                "--port",
                String.valueOf(clientPorts.get(id))));
    for (String assignment :
        List.of(
            "http.port=-1",
            "shutdown.drain=1s",
            "coordinator.id=" + id,
            "coordinator.secret=of-this-test",
            "coordinator.listen=\"" + address(id) + "\"",
            "coordinator.peers=[" + peers + "]",
            "coordinator.dir=\"" + folder.resolve(id) + "\"",
            "coordinator.election-timeout=300ms")) {
      command.addAll(List.of("--set", assignment));
    }
    try {
      processes.put(
          id,
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve(id + ".log").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that it has logged. */
  String log(String id) throws IOException {
    return Files.readString(folder.resolve(id + ".log"));
  }

  /** Where the others reach it. */
  String address(String id) {
    return "127.0.0.1:" + groupPorts.get(id);
  }

  Jedis client(String id) {
    return new Jedis("127.0.0.1", Objects.requireNonNull(clientPorts.get(id)), 20_000);
  }

  /** All that comes back for a line; empty if nothing does. */
  String ask(String id, String command) {
    try (Socket socket = new Socket()) {
      InetSocketAddress address =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), Objects.requireNonNull(clientPorts.get(id)));
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket
          .getOutputStream()
          .write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Who leads in the eyes of {@code id}; empty if it does not know. */
  String leader(String id) {
    Matcher found = LEADER.matcher(ask(id, "KV.HEALTH JSON"));
    return found.find() ? found.group(1) : "";
  }

  void kill(String id) {
    Process process = Objects.requireNonNull(processes.get(id));
    process.destroyForcibly();
    await(process);
  }

  void pause(String id) {
    signal(id, "STOP");
  }

  void resume(String id) {
    signal(id, "CONT");
  }

  private void signal(String id, String name) {
    long pid = Objects.requireNonNull(processes.get(id)).pid();
    try {
      await(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).inheritIO().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(CoordinatorFleet::await);
  }
}
