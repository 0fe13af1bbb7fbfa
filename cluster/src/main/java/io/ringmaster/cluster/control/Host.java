package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.replication.ReplicaCounter;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.Shard;

/**
 * What a controller works with, all on one event loop.
 *
 * @param log the config group
 * @param links to the servers
 * @param users of the servers
 * @param replicas proves that followers hold what their leader has
 * @param marker of the shards
 * @param scheduler time
 * @param settings what it does unasked
 */
public record Host(
    ConfigLog log,
    AdminLinks links,
    EpochUsers users,
    ReplicaCounter replicas,
    Marker marker,
    Scheduler scheduler,
    ControllerSettings settings) {

  /** Whether {@code shard} is still in this state of this epoch, by the newest topology. */
  boolean isAt(Shard shard) {
    return log.topology().shard(shard.id()).filter(shard::isUnchanged).isPresent();
  }

  /** Whether nobody answers from a topology older than {@code epoch} any more. */
  boolean isKnownEverywhere(long epoch) {
    return log.reports().isKnownEverywhere(epoch, scheduler.millis());
  }
}
