package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * A new epoch begins, in which a shard has the nodes that were planned, and a leader that is chosen
 * from them. Enough of them have been cut off from the one before.
 *
 * @param shard its id
 * @param epoch the shard's epoch so far
 * @param pauseEpoch since when the leader before is not sent requests
 * @param leader which node leads
 * @param incarnation the incarnation of its server that was looked at
 */
public record HandOver(String shard, long epoch, long pauseEpoch, NodeId leader, String incarnation)
    implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requirePaused(epoch, pauseEpoch);
    require(changed.pending().contains(leader), leader + " is not planned for shard " + shard);
    require(
        changed.canBecome(changed.pending()),
        "too few of the nodes planned for shard " + shard + " remember what they acknowledged");
    return topology.replace(changed.handedOver(leader, incarnation));
  }
}
