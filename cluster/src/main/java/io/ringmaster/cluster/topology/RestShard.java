package io.ringmaster.cluster.topology;

/**
 * A shard is stopped: nobody acknowledges anything any more, and a node with this marker has all
 * that anybody did.
 *
 * @param shard its id
 * @param epoch the shard's epoch
 * @param markerEpoch epoch of that marker
 * @param markerNumber number of that marker
 */
public record RestShard(String shard, long epoch, long markerEpoch, long markerNumber)
    implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireTurn(epoch, ShardState.STOPPING);
    return topology.replace(changed.stopped(markerEpoch, markerNumber));
  }
}
