package io.ringmaster.it.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Load by all libraries at once. */
public final class ClientLoads implements AutoCloseable {

  private final List<ClientLoad> loads = new ArrayList<>();

  /** Spread over these proxies; {@code prefix}: of the keys, unlike that of any other load. */
  public ClientLoads(List<Integer> ports, Delivery delivery, String prefix, Path folder)
      throws IOException {
    Path scripts = NodeScripts.install();
    loads.add(new JavaLoad(JavaLibrary.jedis(ports.get(0)), prefix));
    loads.add(new JavaLoad(JavaLibrary.lettuce(ports.get(1)), prefix));
    loads.add(new JavaLoad(JavaLibrary.redisson(ports.get(2), delivery), prefix));
    loads.add(new NodeLoad("ioredis", ports.get(0), delivery, prefix, scripts, folder));
    loads.add(new NodeLoad("node-redis", ports.get(1), delivery, prefix, scripts, folder));
  }

  /** Waits for each of them, see {@link ClientLoad#awaitMore}. */
  public void awaitMore(int count) {
    loads.forEach(load -> load.awaitMore(count));
  }

  /** Ends all of them; by library. */
  public Map<String, ClientLoad.Outcome> finish() {
    return loads.stream().collect(Collectors.toMap(ClientLoad::library, ClientLoad::finish));
  }

  @Override
  public void close() {
    loads.forEach(ClientLoad::close);
  }
}
