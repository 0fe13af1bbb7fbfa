package io.ringmaster.proxy.adoption;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.health.LettuceFailures;
import io.ringmaster.proxy.health.ServerClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Opens connections, and closes all of them in the end. */
public final class ServerLinks implements AutoCloseable {

  private final Duration timeout;
  private final ClientResources resources =
      DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
  private final List<RedisClient> clients = new ArrayList<>();

  /** {@code timeout}: until a server must have answered. */
  public ServerLinks(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * Logs in.
   *
   * @throws AdoptionException if that fails
   */
  ServerLink open(NodeId node, Access access) {
    RedisURI uri = ServerClients.uri(node, access.user(), access.password().text(), timeout);
    RedisClient client = RedisClient.create(resources, uri);
    clients.add(client);
    client.setOptions(
        ServerClients.options(timeout, timeout).protocolVersion(ProtocolVersion.RESP2).build());
    try {
      return new ServerLink(node, client.connect());
    } catch (RedisException failure) {
      throw new AdoptionException(node + ": " + LettuceFailures.reason(failure), failure);
    }
  }

  @Override
  public void close() {
    clients.forEach(client -> client.shutdown(Duration.ZERO, timeout));
    resources.shutdown();
  }
}
