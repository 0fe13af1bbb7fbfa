package io.ringmaster.cluster.topology;

/** What a node is in its shard. */
public enum NodeRole {
  /** Takes the writes. */
  LEADER,
  /** Follows the leader by Redis replication. */
  REPLICA
}
