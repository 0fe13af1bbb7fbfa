package io.ringmaster.proxy.control;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import java.util.Map;

/** What is known of all servers at one moment. Immutable. */
public record Health(Map<NodeId, NodeHealth> nodes) {

  /** Copies the map. */
  public Health {
    nodes = Map.copyOf(nodes);
  }

  /** What is known of {@code node}. */
  public NodeHealth of(Node node) {
    NodeHealth known = nodes.get(node.id());
    return known == null ? NodeHealth.unknown(node) : known;
  }

  /** How many servers are in {@code state}. */
  public long count(NodeState state) {
    return nodes.values().stream().filter(node -> node.state() == state).count();
  }
}
