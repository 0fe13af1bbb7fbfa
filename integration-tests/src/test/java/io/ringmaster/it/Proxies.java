package io.ringmaster.it;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.config.SettingsSource;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What tests put in front of servers, and which servers. */
final class Proxies {

  private Proxies() {}

  /** The server on PATH, or else the one of this library, unpacked into {@code folder}. */
  static Path redis(Path folder) {
    return RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
  }

  /** A proxy on a free port in front of these shards, the leader of each first. */
  static ProxyServer inFrontOf(List<List<RedisProcess>> shards, String... assignments) {
    return inFrontOf(PooledByteBufAllocator.DEFAULT, shards, assignments);
  }

  /** The same, with buffers from {@code allocator}. */
  static ProxyServer inFrontOf(
      ByteBufAllocator allocator, List<List<RedisProcess>> shards, String... assignments) {
    SettingsSource source =
        new SettingsSource()
            .shards(shards.stream().map(Proxies::addresses).toList())
            .set("listen.port=0")
            .set("http.port=-1");
    for (String assignment : assignments) {
      source.set(assignment);
    }
    return ProxyServer.start(source.read(), allocator);
  }

  private static String addresses(List<RedisProcess> shard) {
    return shard.stream()
        .map(server -> server.address().toString())
        .collect(Collectors.joining(","));
  }
}
