package io.ringmaster.it;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;

/**
 * Servers that write every change to disk, each the only node of its shard, and a proxy in front of
 * them.
 */
public final class Shards implements AutoCloseable {

  private final List<RedisProcess> servers = new ArrayList<>();
  private final ProxyServer proxy;

  /**
   * Starts {@code count} servers, with data below {@code folder}, and a proxy with these settings.
   */
  public Shards(Path folder, int count, String... assignments) {
    this(folder, count, List.of("--appendonly", "yes", "--appendfsync", "always"), assignments);
  }

  /** The same with other options of the servers. */
  public Shards(Path folder, int count, List<String> options, String... assignments) {
    this(PooledByteBufAllocator.DEFAULT, folder, count, options, assignments);
  }

  /** The same, where the proxy's buffers come from {@code allocator}. */
  public Shards(
      ByteBufAllocator allocator,
      Path folder,
      int count,
      List<String> options,
      String... assignments) {
    Path binary = Proxies.redis(folder);
    for (int i = 0; i < count; i++) {
      servers.add(
          RedisProcess.start(binary, folder.resolve("s" + i), options.toArray(String[]::new)));
    }
    proxy = Proxies.inFrontOf(allocator, servers.stream().map(List::of).toList(), assignments);
  }

  RedisProcess server(int index) {
    return servers.get(index);
  }

  /** Where the proxy listens, on loopback. */
  public int port() {
    return proxy.address().getPort();
  }

  /** A client of the proxy. */
  Jedis client() {
    return new Jedis("127.0.0.1", port(), 20_000);
  }

  /** A client of one server. */
  Jedis directly(int index) {
    return new Jedis("127.0.0.1", servers.get(index).port(), 20_000);
  }

  /** Which server holds {@code key}. */
  int holderOf(String key) {
    try (Jedis client = client()) {
      client.set(key, "held");
    }
    for (int i = 0; i < servers.size(); i++) {
      try (Jedis server = directly(i)) {
        if (server.exists(key)) {
          return i;
        }
      }
    }
    throw new IllegalStateException("no server holds " + key);
  }

  /** A key for each server, beginning with {@code prefix}. */
  List<String> keyOnEach(String prefix) {
    String[] keys = new String[servers.size()];
    for (int found = 0, i = 0; found < keys.length; i++) {
      int holder = holderOf(prefix + i);
      if (keys[holder] == null) {
        keys[holder] = prefix + i;
        found++;
      }
    }
    return List.of(keys);
  }

  @Override
  public void close() {
    proxy.close();
    servers.forEach(RedisProcess::close);
  }
}
