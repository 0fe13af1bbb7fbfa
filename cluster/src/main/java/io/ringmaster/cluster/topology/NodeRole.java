package io.ringmaster.cluster.topology;

/** What a node does in its shard. */
public enum NodeRole {
  LEADER,
  REPLICA
}
