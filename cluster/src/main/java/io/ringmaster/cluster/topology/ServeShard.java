package io.ringmaster.cluster.topology;

import java.util.Map;

/**
 * The leader that was chosen is set up, and enough others follow it.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param runs the run of each node that follows
 */
public record ServeShard(String shard, long epoch, Map<NodeId, String> runs)
    implements TopologyChange {

  public ServeShard {
    runs = Map.copyOf(runs);
  }

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireState(epoch, ShardState.PROMOTED);
    changed.requireNodes(runs.keySet());
    return topology.replace(changed.serving(runs));
  }
}
