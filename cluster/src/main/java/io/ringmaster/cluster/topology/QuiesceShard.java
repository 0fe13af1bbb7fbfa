package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * A shard is stopped: a new epoch begins, in which nobody acknowledges anything, and a node with
 * this marker has all that anybody did.
 *
 * @param shard its id
 * @param epoch the shard's epoch so far
 * @param pauseEpoch since when its leader is not sent requests
 * @param markerEpoch epoch of that marker
 * @param markerNumber number of that marker
 */
public record QuiesceShard(
    String shard, long epoch, long pauseEpoch, long markerEpoch, long markerNumber)
    implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requirePaused(epoch, pauseEpoch);
    require(changed.pending().isEmpty(), "shard " + shard + " is to be handed over");
    return topology.replace(changed.stopped(markerEpoch, markerNumber));
  }
}
