package io.ringmaster.cluster.spi;

import io.ringmaster.cluster.topology.NodeId;

/** Connections to servers with the rights of an administrator, as the configuration has them. */
@FunctionalInterface
public interface AdminLinks {

  /** Opens a connection that nobody else uses. Never throws, never blocks. */
  AdminLink open(NodeId node);
}
