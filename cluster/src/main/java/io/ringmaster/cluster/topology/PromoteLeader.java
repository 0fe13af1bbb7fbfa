package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.Map;

/**
 * A node is chosen to lead a fenced shard.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param leader which node
 * @param incarnation the incarnation of its server that was looked at
 * @param returned the incarnations of the nodes that were restarted, and have kept everything: they
 *     remember as those do that were not
 */
public record PromoteLeader(
    String shard, long epoch, NodeId leader, String incarnation, Map<NodeId, String> returned)
    implements TopologyChange {

  /** One where no other node has returned. */
  public PromoteLeader(String shard, long epoch, NodeId leader, String incarnation) {
    this(shard, epoch, leader, incarnation, Map.of());
  }

  public PromoteLeader {
    returned = Map.copyOf(returned);
  }

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, changed.state().isFenced() ? changed.state() : ShardState.FENCED);
    require(changed.has(leader), "node " + leader + " is not in shard " + shard);
    changed.requireNodes(returned.keySet());
    return topology.replace(changed.promoted(leader, incarnation, returned));
  }
}
