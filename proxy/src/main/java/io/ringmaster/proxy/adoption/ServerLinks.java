package io.ringmaster.proxy.adoption;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.ringmaster.cluster.topology.NodeId;
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
    RedisURI.Builder uri =
        RedisURI.builder().withHost(node.host()).withPort(node.port()).withTimeout(timeout);
    if (!access.password().isEmpty()) {
      String user = access.user().isEmpty() ? "default" : access.user();
      uri.withAuthentication(user, access.password().text().toCharArray());
    }
    RedisClient client = RedisClient.create(resources, uri.build());
    clients.add(client);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .protocolVersion(ProtocolVersion.RESP2)
            .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
            .timeoutOptions(TimeoutOptions.enabled(timeout))
            .build());
    try {
      return new ServerLink(node, client.connect());
    } catch (RedisException failure) {
      throw new AdoptionException(node + ": " + rootMessage(failure), failure);
    }
  }

  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return "" + root.getMessage();
  }

  @Override
  public void close() {
    clients.forEach(client -> client.shutdown(Duration.ZERO, timeout));
    resources.shutdown();
  }
}
