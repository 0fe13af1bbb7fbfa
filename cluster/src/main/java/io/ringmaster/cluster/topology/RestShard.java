package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * A shard is stopped: a new epoch begins, in which nobody acknowledges anything, and a node with
 * this marker has all that anybody did.
 *
 * @param shard its id
 * @param epoch the shard's epoch so far
 * @param turned since when its leader is not sent requests
 * @param markerEpoch epoch of that marker
 * @param markerNumber number of that marker
 */
public record RestShard(String shard, long epoch, long turned, long markerEpoch, long markerNumber)
    implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireHeld(epoch, turned);
    require(changed.planned().isEmpty(), "shard " + shard + " is to be handed over");
    return topology.replace(changed.stopped(markerEpoch, markerNumber));
  }
}
