package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.Shard;

/** Counts what barriers do; called on their event loop. */
public interface BarrierCounters {

  /** A barrier was begun. */
  void begun();

  /** A reply of a leader alone has to be held for a barrier, as the lease is not held. */
  void unleased();

  /** A barrier has proved that enough nodes hold what so many replies tell. */
  void held(int replies);

  /** Too few replicas had answered in time; it is tried again. */
  void shortOfReplicas();

  /** The leader of {@code shard} has lost writes that it had told of before. */
  void historyLost(Shard shard);

  /** Counts replies that ended as unknown. */
  void revoked(int replies);
}
