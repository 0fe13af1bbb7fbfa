package io.ringmaster.cluster.topology;

/** What a read may see; weakest first. */
public enum ReadLevel {
  /** What the leader holds: every acknowledged write, and perhaps one that a failover undoes. */
  LEADER,
  /** What the leader holds, once a majority of the nodes holds it too. */
  LINEARIZABLE
}
