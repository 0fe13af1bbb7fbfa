package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.Shard;

/** Counts the replicas of a shard that hold what its leader has executed. Belongs to one loop. */
public interface ReplicaCounter {

  /**
   * Counts until there are {@code wanted} or the time is up; {@code timeoutMillis} 0 waits without
   * end.
   */
  void countReplicas(Shard shard, int wanted, long timeoutMillis, ReplicaListener listener);

  /** The same, where the leader waits for its replicas for {@code waitMillis} at a time. */
  void countReplicas(
      Shard shard, int wanted, long timeoutMillis, int waitMillis, ReplicaListener listener);
}
