package io.ringmaster.cluster.topology;

import java.util.Map;

/**
 * The leader that was chosen is set up, and enough others follow it.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param incarnations the incarnation of each node that follows
 */
public record ServeShard(String shard, long epoch, Map<NodeId, String> incarnations)
    implements TopologyChange {

  public ServeShard {
    incarnations = Map.copyOf(incarnations);
  }

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.PROMOTED);
    changed.requireNodes(incarnations.keySet());
    return topology.replace(changed.serving(incarnations));
  }
}
