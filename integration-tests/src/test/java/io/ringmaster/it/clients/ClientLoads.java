package io.ringmaster.it.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Load by all libraries at once. */
public final class ClientLoads implements AutoCloseable {

  private final List<ClientLoad> loads = new ArrayList<>();

  /** Spread over these proxies; keys begin with the name of {@code delivery}. */
  public ClientLoads(List<Integer> ports, Delivery delivery, Path folder) throws IOException {
    Path scripts = NodeScripts.install();
    add(JavaLibrary.jedis(ports.get(0)), delivery);
    add(JavaLibrary.lettuce(ports.get(1), delivery), delivery);
    add(JavaLibrary.redisson(ports.get(2), delivery), delivery);
    loads.add(new NodeLoad("ioredis", ports.get(0), delivery, scripts, folder));
    loads.add(new NodeLoad("node-redis", ports.get(1), delivery, scripts, folder));
  }

  private void add(JavaLibrary library, Delivery delivery) {
    loads.add(new JavaLoad(library, delivery + ":" + library.name()));
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
