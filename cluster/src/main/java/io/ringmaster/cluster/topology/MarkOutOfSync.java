package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.List;
import java.util.Set;

/**
 * Which nodes of a shard are outside its in-sync set: a write at level {@code all} waits for the
 * others only. How many nodes make a majority stays what it was.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param nodes those that are outside from now on
 */
public record MarkOutOfSync(String shard, long epoch, List<NodeId> nodes)
    implements TopologyChange {

  public MarkOutOfSync {
    nodes = List.copyOf(nodes);
  }

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.SERVING);
    changed.requireNodes(Set.copyOf(nodes));
    require(!nodes.contains(changed.leader().id()), "the leader of shard " + shard + " is in sync");
    require(
        2 * nodes.size() < changed.nodes().size(),
        "less than a majority of the nodes of shard " + shard + " would be left");
    return topology.replace(changed.withOutOfSync(nodes));
  }
}
