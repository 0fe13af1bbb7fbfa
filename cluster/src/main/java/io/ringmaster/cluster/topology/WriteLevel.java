package io.ringmaster.cluster.topology;

/** The levels of writes, by how many nodes hold one before it is acknowledged; weakest first. */
public enum WriteLevel {
  /** The leader alone: what its replicas have not got yet is lost with it. */
  ASYNC,
  /** A majority in a shard of three or more nodes, else the leader alone. */
  DEFAULT,
  /** A majority of the shard's nodes. */
  QUORUM,
  /** Every node of the shard. */
  ALL;

  /** Nodes that must hold the write, the leader among them, in a shard of {@code nodes}. */
  public int writeQuorum(int nodes) {
    return switch (this) {
      case ASYNC -> 1;
      case DEFAULT -> nodes >= 3 ? nodes / 2 + 1 : 1;
      case QUORUM -> nodes / 2 + 1;
      case ALL -> nodes;
    };
  }
}
