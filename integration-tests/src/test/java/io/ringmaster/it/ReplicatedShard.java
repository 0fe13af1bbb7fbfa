package io.ringmaster.it;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisException;

/** One shard of a leader and its replicas, and a proxy in front of it. */
final class ReplicatedShard implements AutoCloseable {

  private final List<RedisProcess> servers = new ArrayList<>();
  private final ProxyServer proxy;

  /** Starts {@code nodes} servers, with data below {@code folder}, and waits until all follow. */
  ReplicatedShard(Path folder, int nodes, String... assignments) {
    this(PooledByteBufAllocator.DEFAULT, folder, nodes, List.of(), assignments);
  }

  private ReplicatedShard(
      ByteBufAllocator allocator,
      Path folder,
      int nodes,
      List<String> options,
      String... assignments) {
    Path binary = Proxies.redis(folder);
    servers.add(start(binary, folder.resolve("0"), options, "--repl-diskless-sync-delay", "0"));
    for (int i = 1; i < nodes; i++) {
      String port = "" + servers.getFirst().port();
      servers.add(start(binary, folder.resolve("" + i), options, "--replicaof", "127.0.0.1", port));
    }
    try (Jedis leader = directly(0)) {
      Awaitility.await()
          .until(() -> leader.info("replication").split("state=online").length == nodes);
    }
    proxy = Proxies.inFrontOf(allocator, List.of(servers), assignments);
  }

  private static RedisProcess start(
      Path binary, Path folder, List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return RedisProcess.start(binary, folder, all.toArray(String[]::new));
  }

  /** The same, where the proxy is the only coordinator, and looks after the servers. */
  static ReplicatedShard coordinated(Path folder, int nodes, String... assignments) {
    return coordinated(PooledByteBufAllocator.DEFAULT, folder, nodes, List.of(), assignments);
  }

  /** The same, where the proxy's buffers come from {@code allocator}. */
  static ReplicatedShard coordinated(
      ByteBufAllocator allocator, Path folder, int nodes, String... assignments) {
    return coordinated(allocator, folder, nodes, List.of(), assignments);
  }

  /** The same, where the servers are started with {@code options}. */
  static ReplicatedShard coordinated(
      Path folder, int nodes, List<String> options, String... assignments) {
    return coordinated(PooledByteBufAllocator.DEFAULT, folder, nodes, options, assignments);
  }

  private static ReplicatedShard coordinated(
      ByteBufAllocator allocator,
      Path folder,
      int nodes,
      List<String> options,
      String... assignments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "coordinator.id=c1",
                "coordinator.listen=\"127.0.0.1:" + FreePorts.next() + "\"",
                "coordinator.dir=\"" + folder.resolve("c1") + "\"",
                "coordinator.secret=of-this-test",
                "coordinator.election-timeout=200ms"));
    all.addAll(List.of(assignments));
    return new ReplicatedShard(allocator, folder, nodes, options, all.toArray(String[]::new));
  }

  /** Server 0 is the leader. */
  RedisProcess server(int index) {
    return servers.get(index);
  }

  List<RedisProcess> replicas() {
    return servers.subList(1, servers.size());
  }

  /** A client of the proxy. */
  Jedis client() {
    return new Jedis("127.0.0.1", proxy.address().getPort(), 20_000);
  }

  /** A client of one server. */
  Jedis directly(int index) {
    return new Jedis("127.0.0.1", servers.get(index).port(), 20_000);
  }

  /** The server that leads it, as the proxy says. */
  RedisProcess leader() {
    String map = told("CLUSTER.SHARDMAP");
    return servers.stream()
        .filter(server -> map.contains(server.address() + "\",\"role\":\"leader"))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until a leader is served, where the proxy looks after the servers. */
  void awaitServing() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(() -> told("CLUSTER.SHARDMAP").contains("serving"));
  }

  /** Waits until all servers are admitted as they run now. */
  void awaitAllAdmitted() {
    Admission.awaitAll(servers.stream().map(ServerProcess::new).toList(), () -> told("KV.HEALTH"));
  }

  /** What the proxy answers to {@code command}, as JSON. */
  String told(String command) {
    ProtocolCommand sent = () -> command.getBytes(StandardCharsets.US_ASCII);
    try (Jedis client = client()) {
      return new String((byte[]) client.sendCommand(sent, "JSON"), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    proxy.close();
    servers.forEach(RedisProcess::close);
  }
}
