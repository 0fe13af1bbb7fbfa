package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import org.jspecify.annotations.Nullable;

/** How connections to servers log in. */
@FunctionalInterface
public interface Logins {

  /**
   * A user and its password.
   *
   * @param user its name
   * @param password shown nowhere
   */
  record Login(String user, String password) {

    @Override
    public String toString() {
      return user;
    }
  }

  /** Asked whenever a connection is opened; null where none is needed. */
  @Nullable Login login(NodeId node, Lane.Purpose purpose);
}
