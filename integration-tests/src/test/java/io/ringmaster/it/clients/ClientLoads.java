package io.ringmaster.it.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Load by all libraries at once. */
public final class ClientLoads implements AutoCloseable {

  private final List<ClientLoad> loads = new ArrayList<>();

  /** Spread over these proxies. */
  public ClientLoads(List<Integer> ports, Path folder) throws IOException {
    Path scripts = NodeScripts.install();
    loads.add(new JavaLoad(JavaLibrary.jedis(ports.get(0))));
    loads.add(new JavaLoad(JavaLibrary.lettuce(ports.get(1))));
    loads.add(new JavaLoad(JavaLibrary.redisson(ports.get(2))));
    loads.add(new NodeLoad("ioredis", ports.get(0), scripts, folder));
    loads.add(new NodeLoad("node-redis", ports.get(1), scripts, folder));
  }

  /** Each on its own. */
  public List<ClientLoad> all() {
    return loads;
  }

  /** Waits for each of them, see {@link ClientLoad#awaitMore}. */
  public void awaitMore(int count) {
    loads.forEach(load -> load.awaitMore(count));
  }

  @Override
  public void close() {
    loads.forEach(ClientLoad::close);
  }
}
