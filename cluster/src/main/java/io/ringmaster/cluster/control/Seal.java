package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;

/**
 * What a node had when it was cut off from everybody.
 *
 * @param node which one
 * @param incarnation the incarnation of its server
 * @param admitted whether that is the incarnation in which it was admitted
 * @param loading whether it is loading its data
 * @param remembers whether it holds all that it ever acknowledged, as far as is known
 * @param keeps whether it holds all that anybody acknowledged, whatever the others hold
 * @param marker its marker
 * @param history name of its replication history
 * @param offset its place in that history
 */
record Seal(
    NodeId node,
    String incarnation,
    boolean admitted,
    boolean loading,
    boolean remembers,
    boolean keeps,
    MarkerPosition marker,
    String history,
    long offset) {

  boolean hasMarkerOf(Seal other) {
    return marker.equals(other.marker);
  }

  /**
   * Whether it is certain to hold more than {@code other}. Where no marker tells, one that was
   * restarted may hold nothing.
   */
  boolean isAheadOf(Seal other) {
    int byMarker = marker.compareTo(other.marker);
    if (byMarker != 0) {
      return byMarker > 0;
    }
    if (!marker.exists() && admitted != other.admitted) {
      return admitted;
    }
    return history.equals(other.history) && offset > other.offset;
  }
}
