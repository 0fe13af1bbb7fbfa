package io.ringmaster.cluster.topology;

import java.util.List;

/**
 * Nodes that have on disk everything that their shard had acknowledged, whichever of them comes
 * back: the leader, as it writes what it acknowledges to disk before; or all that had it when the
 * shard was stopped. A marker that has come as far shows that the disk has kept it.
 *
 * @param nodes which ones
 * @param epoch of the marker
 * @param number of the marker; 0 for a leader, which needs no marker but that of its epoch
 */
public record DurableNodes(List<NodeId> nodes, long epoch, long number) {

  public DurableNodes {
    nodes = List.copyOf(nodes);
  }

  /** Whether {@code node} is believed to have everything because it led, whatever its marker. */
  public boolean trusts(NodeId node) {
    return number == 0 && nodes.contains(node);
  }

  boolean by(NodeId node, MarkerPosition marker) {
    return marker.hasReached(new MarkerPosition(epoch, number)) && nodes.contains(node);
  }
}
