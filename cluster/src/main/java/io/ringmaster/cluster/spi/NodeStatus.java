package io.ringmaster.cluster.spi;

import io.ringmaster.cluster.topology.NodeId;

/** The knowledge about nodes beside the data path; cheap to ask, and always a little old. */
public interface NodeStatus {

  /** Whether {@code node} is a replica that follows its leader closely enough to be read from. */
  boolean isFresh(NodeId node);

  /**
   * Returns the reason why the leader {@code node} can promise nothing beyond itself; empty as far
   * as is known.
   */
  String unfit(NodeId node);

  /** Returns the time that {@code node} takes to answer, smoothed; very long if it is not known. */
  long latencyMicros(NodeId node);
}
