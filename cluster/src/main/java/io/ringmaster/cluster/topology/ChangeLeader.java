package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.List;

/** A replica becomes the leader, the leader a replica; raises the shard's epoch. */
public record ChangeLeader(String shard, NodeId leader) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    require(changed.has(leader), "node " + leader + " is not in shard " + shard);
    require(!changed.leader().id().equals(leader), leader + " already leads shard " + shard);
    List<Node> nodes =
        changed.nodes().stream()
            .map(n -> n.id().equals(leader) ? Node.leader(leader) : Node.replica(n.id()))
            .toList();
    return topology.replace(changed.withNodes(nodes));
  }
}
