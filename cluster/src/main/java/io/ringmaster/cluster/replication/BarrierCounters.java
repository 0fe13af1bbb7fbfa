package io.ringmaster.cluster.replication;

/** Counts what barriers do; called on their event loop. */
public interface BarrierCounters {

  /** A barrier has proved that enough nodes hold what so many replies tell. */
  void held(int replies);

  /** Too few replicas had answered in time; it is tried again. */
  void shortOfReplicas();

  /** So many replies ended as unknown. */
  void revoked(int replies);
}
