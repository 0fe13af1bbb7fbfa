package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.List;

/** A replica leaves its shard; raises the shard's epoch. A leader must hand over first. */
public record RemoveNode(String shard, NodeId node) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard shrunk = topology.requireShard(shard);
    require(shrunk.has(node), "node " + node + " is not in shard " + shard);
    require(
        !shrunk.leader().id().equals(node), "node " + node + " is the leader of shard " + shard);
    List<Node> nodes = shrunk.nodes().stream().filter(n -> !n.id().equals(node)).toList();
    return topology.replace(shrunk.withNodes(nodes));
  }
}
