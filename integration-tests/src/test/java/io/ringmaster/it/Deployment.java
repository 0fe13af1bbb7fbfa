package io.ringmaster.it;

import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.demo.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Three shards of three servers with an ordinary configuration, and three coordinators, all
 * processes of their own. Whatever goes to a server passes a relay, so that the way from each
 * process to each server, and back, can be cut. Each coordinator is a proxy too.
 */
final class Deployment implements AutoCloseable {

  static final List<String> COORDINATORS = List.of("c1", "c2", "c3");
  static final int SHARDS = 3;
  private static final int NODES = 3;

  /** What of a process does not arrive. */
  enum Way {
    OUT,
    IN,
    BOTH
  }

  private final Map<String, RedisProcess> servers = new HashMap<>();
  private final Path folder;
  private final CoordinatorFleet fleet;

  /** Starts everything; does not wait. */
  Deployment(Path folder, String... settings) {
    this.folder = folder;
    Path binary = Proxies.redis(folder);
    for (int shard = 0; shard < SHARDS; shard++) {
      for (int node = 0; node < NODES; node++) {
        servers.put(name(shard, node), start(binary, shard, node));
      }
    }
    fleet = new CoordinatorFleet(folder, shards(), COORDINATORS, List.of(settings));
    LocalPeers peers = new LocalPeers(this::processes);
    servers.forEach(
        (name, server) -> fleet.links().open(host(name), server.port(), peers::of, name));
  }

  private RedisProcess start(Path binary, int shard, int node) {
    String name = name(shard, node);
    try {
      Path home = Files.createDirectories(folder.resolve(name));
      Files.writeString(home.resolve("port"), "" + FreePorts.next());
      return RedisProcess.start(binary, home, "--replica-announce-ip", host(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(int shard, int node) {
    return "s" + shard + "n" + node;
  }

  private static List<String> names(int shard) {
    return IntStream.range(0, NODES).mapToObj(node -> name(shard, node)).toList();
  }

  /** Where its relay listens, at the port of the server. */
  private static String host(String name) {
    return "127.2." + name.charAt(1) + "." + name.charAt(3);
  }

  private String address(String name) {
    return host(name) + ":" + server(name).port();
  }

  private List<String> shards() {
    return IntStream.range(0, SHARDS)
        .mapToObj(shard -> names(shard).stream().map(this::address))
        .map(addresses -> addresses.collect(Collectors.joining(",")))
        .toList();
  }

  private Map<String, Long> processes() {
    Map<String, Long> processes = new HashMap<>();
    servers.forEach((name, server) -> processes.put(name, server.pid()));
    COORDINATORS.forEach(id -> processes.put(id, fleet.pid(id)));
    return processes;
  }

  CoordinatorFleet fleet() {
    return fleet;
  }

  RedisProcess server(String name) {
    return Objects.requireNonNull(servers.get(name));
  }

  /** Who leads in the eyes of {@code coordinator}; empty if it does not answer. */
  String leader(int shard, String coordinator) {
    String map = fleet.ask(coordinator, "CLUSTER.SHARDMAP JSON");
    return names(shard).stream()
        .filter(name -> map.contains(address(name) + "\",\"role\":\"leader"))
        .findFirst()
        .orElse("");
  }

  /** The others of its shard. */
  List<String> others(String server) {
    return names(server.charAt(1) - '0').stream().filter(name -> !name.equals(server)).toList();
  }

  /** Cuts the way between {@code process} and {@code others}, as seen from it. */
  void cut(Way way, String process, List<String> others) {
    if (way != Way.IN) {
      fleet.links().cut(List.of(process), others);
    }
    if (way != Way.OUT) {
      fleet.links().cut(others, List.of(process));
    }
  }

  /** Everything arrives again. */
  void heal() {
    fleet.links().heal();
  }

  /** It is killed, and starts again without its data. */
  void restartEmpty(String server) {
    server(server).kill();
    Path log = folder.resolve(server).resolve("appendonlydir");
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server(server).restart();
  }

  /** Keys of one shard each have this in braces. */
  List<String> tags() {
    Map<Integer, String> tags = new HashMap<>();
    try (Jedis client = fleet.client(COORDINATORS.getFirst())) {
      for (int i = 0; tags.size() < SHARDS; i++) {
        String tag = "{" + i + "}";
        client.set(tag, tag);
        tags.putIfAbsent(holder(tag), tag);
      }
    }
    return List.copyOf(tags.values());
  }

  private int holder(String key) {
    return IntStream.range(0, SHARDS)
        .filter(shard -> holds(leader(shard, COORDINATORS.getFirst()), key))
        .findFirst()
        .orElseThrow();
  }

  private boolean holds(String server, String key) {
    try (Jedis client = new Jedis("127.0.0.1", server(server).port())) {
      return client.exists(key);
    }
  }

  /** Until each coordinator serves, and each server leads or follows, admitted as it runs now. */
  void awaitWhole() {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(this::lacks, String::isEmpty);
  }

  /** What somebody says who does not serve, or knows of a server that does not. */
  private String lacks() {
    for (String coordinator : COORDINATORS) {
      if (!knowsAll(coordinator)) {
        return coordinator + ": " + fleet.ask(coordinator, "KV.HEALTH JSON");
      }
    }
    return IntStream.range(0, SHARDS)
        .filter(shard -> !isFollowed(shard))
        .mapToObj(shard -> "not all follow in shard " + shard)
        .collect(Collectors.joining());
  }

  private boolean knowsAll(String coordinator) {
    List<ServerProcess> all = servers.values().stream().map(ServerProcess::new).toList();
    return fleet.ask(coordinator, "CLUSTER.SHARDMAP JSON").contains("leader")
        && Admission.isComplete(all, fleet.ask(coordinator, "KV.HEALTH JSON"));
  }

  private boolean isFollowed(int shard) {
    String leader = leader(shard, COORDINATORS.getFirst());
    try (Jedis client = new Jedis("127.0.0.1", server(leader).port())) {
      return client.info("replication").split("state=online", -1).length == NODES;
    }
  }

  @Override
  public void close() {
    fleet.close();
    servers.values().forEach(RedisProcess::close);
  }
}
