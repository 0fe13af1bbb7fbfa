package io.ringmaster.cluster.topology;

/** How the nodes of a shard hold one value; chosen for a keyspace. */
public enum PolicyName {
  /** One leader takes the writes, replicas follow by Redis replication. */
  LEADER
}
