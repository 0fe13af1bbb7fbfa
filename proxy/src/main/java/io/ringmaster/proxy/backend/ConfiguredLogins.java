package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The login that the configuration names, the same for all servers.
 *
 * @param login null where none is needed
 */
public record ConfiguredLogins(@Nullable Login login) implements Logins {

  @Override
  public @Nullable Login login(NodeId node, Lane.Purpose purpose) {
    return login;
  }

  @Override
  public boolean admits(NodeId node, Lane.Purpose purpose, String runId) {
    return true;
  }
}
