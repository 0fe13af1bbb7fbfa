package io.ringmaster.proxy.verify;

import io.ringmaster.cluster.topology.NodeId;

/** A server does not answer, or not as it must for a comparison. */
final class ServerFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient NodeId node;

  ServerFailure(NodeId node, String message) {
    super(node + ": " + message);
    this.node = node;
  }

  NodeId node() {
    return node;
  }
}
