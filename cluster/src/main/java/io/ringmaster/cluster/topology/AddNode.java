package io.ringmaster.cluster.topology;

import java.util.ArrayList;
import java.util.List;

/** A new replica in a shard; raises the shard's epoch. */
public record AddNode(String shard, NodeId node) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard grown = topology.requireShard(shard);
    List<Node> nodes = new ArrayList<>(grown.nodes());
    nodes.add(Node.replica(node));
    return topology.replace(grown.withNodes(nodes));
  }
}
