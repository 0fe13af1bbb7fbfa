package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;

/**
 * What a node had when it was cut off from everybody.
 *
 * @param node which one
 * @param run which run of its server
 * @param remembers whether it holds all that it ever acknowledged, as far as is known
 * @param keeps whether it holds all that anybody acknowledged, whatever the others hold
 * @param epoch of its marker; 0 if it has none
 * @param number of its marker
 * @param history name of its replication history
 * @param offset its place in that history
 */
record Seal(
    NodeId node,
    String run,
    boolean remembers,
    boolean keeps,
    long epoch,
    long number,
    String history,
    long offset) {

  boolean hasMarkerOf(Seal other) {
    return epoch == other.epoch && number == other.number;
  }

  /** Whether it is certain to hold more than {@code other}. */
  boolean isAheadOf(Seal other) {
    if (epoch != other.epoch) {
      return epoch > other.epoch;
    }
    if (number != other.number) {
      return number > other.number;
    }
    return history.equals(other.history) && offset > other.offset;
  }
}
