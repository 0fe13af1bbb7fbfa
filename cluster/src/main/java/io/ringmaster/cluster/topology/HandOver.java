package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

/**
 * A shard has the nodes that were planned, and nobody leads it any more: a new epoch begins, in
 * which the first of them is to lead if it is as far as any other. If none were planned, nobody is
 * to lead in it.
 *
 * @param shard its id
 * @param epoch the shard's epoch so far
 */
public record HandOver(String shard, long epoch) implements TopologyChange {

  @Override
  public Topology applyTo(Topology topology) {
    Shard changed = topology.requireShard(shard);
    changed.requireTurn(epoch, ShardState.HANDING_OVER);
    require(
        changed.planned().isEmpty() || changed.canBecome(changed.planned()),
        "too few of the nodes planned for shard " + shard + " remember what they acknowledged");
    return topology.replace(changed.handedOver(epoch + 1));
  }
}
