package io.ringmaster.cluster.topology;

/** The role of a node in its shard. */
public enum NodeRole {
  /** Takes the writes. */
  LEADER,
  /** Follows the leader by Redis replication. */
  REPLICA
}
