package io.ringmaster.proxy.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.config.SettingsSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A proxy with one event loop in front of scripted servers, each the only node of its shard. */
public final class FakeShards implements AutoCloseable {

  private final List<FakeServer> servers;
  private final List<RawClient> clients = new ArrayList<>();
  private final ProxyServer proxy;

  /** Starts {@code count} servers and a proxy with these settings. */
  public FakeShards(int count, String... assignments) {
    this(PooledByteBufAllocator.DEFAULT, count, assignments);
  }

  /** The same, where the proxy's buffers come from {@code allocator}. */
  public FakeShards(ByteBufAllocator allocator, int count, String... assignments) {
    servers = IntStream.range(0, count).mapToObj(i -> new FakeServer()).toList();
    proxy = proxy(allocator, servers.stream().map(FakeServer::address).toList(), assignments);
  }

  /** A proxy on a free port, without HTTP and probes, in front of these servers. */
  public static ProxyServer proxy(List<String> addresses, String... assignments) {
    return proxy(PooledByteBufAllocator.DEFAULT, addresses, assignments);
  }

  private static ProxyServer proxy(
      ByteBufAllocator allocator, List<String> addresses, String... assignments) {
    SettingsSource source =
        new SettingsSource()
            .shards(addresses)
            .set("listen.port=0")
            .set("http.port=-1")
            .set("probe.interval=10m");
    for (String assignment : assignments) {
      source.set(assignment);
    }
    return ProxyServer.start(source.read(), allocator);
  }

  /** Server {@code index}; its shard is called {@code s1} and so on. */
  public FakeServer server(int index) {
    return servers.get(index);
  }

  public ProxyServer proxy() {
    return proxy;
  }

  /** A new client of the proxy. */
  public RawClient client() {
    RawClient client = new RawClient(proxy.address().getPort());
    clients.add(client);
    return client;
  }

  /** A key of server {@code index}. */
  public String key(int index) {
    try (RawClient client = new RawClient(proxy.address().getPort())) {
      String shard = "$2\r\ns" + (index + 1) + "\r\n";
      for (int i = 0; ; i++) {
        if (client.call("CLUSTER.LOCATE key" + i).contains(shard)) {
          return "key" + i;
        }
      }
    }
  }

  @Override
  public void close() {
    clients.forEach(RawClient::close);
    proxy.close();
    servers.forEach(FakeServer::close);
  }
}
