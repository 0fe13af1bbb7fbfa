package io.ringmaster.proxy.health;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.ringmaster.cluster.topology.NodeId;
import java.time.Duration;

/** How everything but the data plane connects to servers: once, and not for ever. */
public final class ServerClients {

  private ServerClients() {}

  /** Where and as whom; an empty user is the default one, and without a password nobody logs in. */
  public static RedisURI uri(NodeId node, String user, String password, Duration timeout) {
    RedisURI.Builder uri =
        RedisURI.builder().withHost(node.host()).withPort(node.port()).withTimeout(timeout);
    if (!password.isEmpty()) {
      uri.withAuthentication(user.isEmpty() ? "default" : user, password.toCharArray());
    }
    return uri.build();
  }

  /** A lost connection stays lost: who looks again opens another one. */
  public static ClientOptions.Builder options(Duration connecting, Duration answering) {
    return ClientOptions.builder()
        .autoReconnect(false)
        .socketOptions(SocketOptions.builder().connectTimeout(connecting).build())
        .timeoutOptions(TimeoutOptions.enabled(answering));
  }
}
