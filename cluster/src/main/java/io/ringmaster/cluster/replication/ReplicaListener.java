package io.ringmaster.cluster.replication;

/** Wants to know how many replicas hold what a leader has executed. */
public interface ReplicaListener {

  /** The leader's marker has come to {@code number}, behind all that it has executed. */
  default void advanced(long number) {}

  /** Hears how many hold it: enough, or the time is up. */
  void counted(int replicas);

  /** Hears how many hold it by now, which are too few; it is waited for on. */
  default void tooFew(int replicas) {}

  /** Hears why nobody can tell. */
  void failed(String reason);

  /** Whether anybody still waits for it. */
  boolean isWanted();
}
