package io.ringmaster.cluster.topology;

/** The consistency model of a keyspace: how the nodes of a shard hold one value. */
public enum PolicyName {
  /** One leader takes the writes, replicas follow by Redis replication. */
  LEADER
}
