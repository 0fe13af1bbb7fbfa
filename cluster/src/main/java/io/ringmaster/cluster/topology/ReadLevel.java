package io.ringmaster.cluster.topology;

/** The levels of reads, by what one may see; weakest first. */
public enum ReadLevel {
  /** What the leader or any replica holds, whoever answers first. */
  FIRST,
  /** What the node holds that answers fastest, leader or replica. */
  NEAREST,
  /** What a replica holds, always the same one for a connection. */
  REPLICA,
  /** What the leader holds: every acknowledged write, and perhaps one that a failover undoes. */
  LEADER,
  /** What the leader holds, once a majority of the nodes holds it too. */
  LINEARIZABLE;

  /** Whether it may miss an acknowledged write of another client. */
  public boolean mayBeStale() {
    return compareTo(LEADER) < 0;
  }
}
