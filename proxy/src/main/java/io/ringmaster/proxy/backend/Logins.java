package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.NodeId;
import org.jspecify.annotations.Nullable;

/** The logins of connections to servers, and the choice of servers that may be used. */
public interface Logins {

  /** Asked whenever a connection is opened; null where none is needed. */
  @Nullable Login login(NodeId node, Lane.Purpose purpose);

  /** Whether this run of the server may be used; one that was restarted may have to wait. */
  boolean admits(NodeId node, Lane.Purpose purpose, String runId);
}
