package io.ringmaster.it;

import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Coordinators as processes that can be killed, paused and started again. */
final class CoordinatorFleet implements AutoCloseable {

  /** Long enough for a machine that is busy with other things. */
  static final Duration ELECTION_TIMEOUT = Duration.ofMillis(500);

  /** The one that changes the topology, if it is among the founders. */
  static final String EDITOR = "editor";

  private static final List<String> IDS = List.of("c1", "c2", "c3", "c4", EDITOR);
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Pattern LEADER = Pattern.compile("\"leader\":\"(c[0-9]|editor)\"");
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":([0-9]+)");

  private final Path folder;
  private final List<String> shards;
  private final List<String> settings;
  private final List<String> founders;
  private final Map<String, Integer> clientPorts = new TreeMap<>();
  private final Map<String, Integer> groupPorts = new TreeMap<>();
  private final Map<String, Process> processes = new TreeMap<>();
  private final Links links = new Links();

  /** {@code shard}: the nodes that they all serve. */
  CoordinatorFleet(Path folder, String shard, List<String> founders) {
    this(folder, List.of(shard), founders, List.of());
  }

  /** The same with several shards, and settings that win over those that all tests share. */
  CoordinatorFleet(Path folder, List<String> shards, List<String> founders, List<String> settings) {
    this.folder = folder;
    this.shards = shards;
    this.settings = settings;
    this.founders = founders;
    for (String id : IDS) {
      clientPorts.put(id, FreePorts.next());
      groupPorts.put(id, FreePorts.next());
    }
    IDS.forEach(this::connect);
    founders.forEach(this::launch);
  }

  /** For each process a hosts file, where the names of the others stand for the links to them. */
  private void connect(String from) {
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    for (String to : IDS) {
      String host =
          to.equals(from)
              ? "127.0.0.1"
              : links.open(
                  from,
                  IDS.indexOf(from),
                  to,
                  IDS.indexOf(to),
                  Objects.requireNonNull(groupPorts.get(to)));
      hosts.append(host).append(' ').append(to).append(".test\n");
    }
    try {
      Files.writeString(hosts(from), hosts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path hosts(String id) {
    return folder.resolve(id + ".hosts");
  }

  Links links() {
    return links;
  }

  /** Starts it, for the first time or again; does not wait. */
  void launch(String id) {
    List<String> command = id.equals(EDITOR) ? editor() : coordinator(id);
    try {
      processes.put(
          id,
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve(id + ".log").toFile()))
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(id + ".out").toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> java(String id, Class<?> main) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djdk.net.hosts.file=" + hosts(id),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
  }

  private List<String> editor() {
    List<String> command = java(EDITOR, TopologyEditor.class);
    command.addAll(List.of(EDITOR, folder.resolve(EDITOR).toString(), shards.getFirst()));
    founders.forEach(founder -> command.addAll(List.of(founder, address(founder))));
    return command;
  }

  private List<String> coordinator(String id) {
    String peers =
        founders.stream()
            .map(peer -> "{id=%s,address=\"%s\"}".formatted(peer, address(peer)))
            .collect(Collectors.joining(","));
    List<String> command = java(id, Main.class);
    command.addAll(List.of("serve", "--port", String.valueOf(clientPorts.get(id))));
    shards.forEach(shard -> command.addAll(List.of("--shard", shard)));
    for (String assignment :
        List.of(
            "http.port=-1",
            "shutdown.drain=1s",
            "coordinator.id=" + id,
            "coordinator.secret=of-this-test",
            "coordinator.listen=\"" + address(id) + "\"",
            "coordinator.bind=\"127.0.0.1\"",
            "coordinator.timeout=10s",
            "coordinator.start-timeout=100s",
            "coordinator.peers=[" + peers + "]",
            "coordinator.dir=\"" + folder.resolve(id) + "\"",
            "coordinator.snapshot-entries=200",
            "coordinator.election-timeout=" + ELECTION_TIMEOUT.toMillis() + "ms")) {
      command.addAll(List.of("--set", assignment));
    }
    settings.forEach(assignment -> command.addAll(List.of("--set", assignment)));
    return command;
  }

  /** All that it has logged. */
  String log(String id) {
    try {
      return Files.readString(folder.resolve(id + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same of each that was launched. */
  Map<String, String> logs() {
    Map<String, String> logs = new TreeMap<>();
    processes.keySet().forEach(id -> logs.put(id, log(id)));
    return logs;
  }

  /** Where the others reach it. */
  String address(String id) {
    return id + ".test:" + groupPorts.get(id);
  }

  /** Where its clients connect. */
  int clientPort(String id) {
    return Objects.requireNonNull(clientPorts.get(id));
  }

  String clientAddress(String id) {
    return "127.0.0.1:" + clientPort(id);
  }

  Jedis client(String id) {
    return new Jedis(
        new HostAndPort("127.0.0.1", clientPort(id)),
        DefaultJedisClientConfig.builder()
            .timeoutMillis(PATIENCE_MILLIS)
            .autoNegotiateProtocol(false)
            .build());
  }

  /** All that comes back for a line; empty if nothing does. */
  String ask(String id, String command) {
    try (Socket socket = new Socket()) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort(id));
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

  /** The topology that clients of {@code id} are shown; -1 if it does not answer. */
  long epoch(String id) {
    Matcher found = EPOCH.matcher(ask(id, "CLUSTER.SHARDMAP JSON"));
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  /** The last topology whose commit was acknowledged to the editor; 0 if there is none yet. */
  long acknowledged() {
    try {
      Path file = folder.resolve(EDITOR + ".out");
      String text = Files.exists(file) ? Files.readString(file) : "";
      String whole = text.substring(0, text.lastIndexOf('\n') + 1).strip();
      return whole.isEmpty() ? 0 : Long.parseLong(whole.substring(whole.lastIndexOf('\n') + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process, the last one that was started. */
  long pid(String id) {
    return Objects.requireNonNull(processes.get(id)).pid();
  }

  /** Ends it in good order. */
  void terminate(String id) {
    Process process = Objects.requireNonNull(processes.get(id));
    process.destroy();
    await(process);
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
    run("kill", "-" + name, String.valueOf(pid(id)));
  }

  /** From now on it cannot write beyond so many bytes of a file, as if the disk were full. */
  void limitFiles(String id, int bytes) {
    run("prlimit", "--pid", String.valueOf(pid(id)), "--fsize=" + bytes);
  }

  private static void run(String... command) {
    try {
      await(new ProcessBuilder(command).inheritIO().start());
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

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(CoordinatorFleet::await);
    links.close();
  }
}
