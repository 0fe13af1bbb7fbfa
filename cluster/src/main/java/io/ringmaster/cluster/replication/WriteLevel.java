package io.ringmaster.cluster.replication;

/** How many nodes must hold a write before it is acknowledged. */
public enum WriteLevel {
  /** The leader alone: what its replicas have not got yet is lost with it. */
  ASYNC,
  /** A majority of the shard's nodes. */
  QUORUM,
  /** Every node of the shard. */
  ALL;

  /** Nodes that must hold the write, the leader among them, in a shard of {@code nodes}. */
  public int copies(int nodes) {
    return switch (this) {
      case ASYNC -> 1;
      case QUORUM -> nodes / 2 + 1;
      case ALL -> nodes;
    };
  }
}
