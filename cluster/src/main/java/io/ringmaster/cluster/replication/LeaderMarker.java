package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.Shard;

/** The marker of a shard in one epoch, as one event loop has seen it. */
final class LeaderMarker {

  private final Shard shard;
  private final boolean mayBeBegun;
  private long highest;
  private int losses;

  /** {@code mayBeBegun}: whether a leader without a marker may be given one. */
  LeaderMarker(Shard shard, boolean mayBeBegun) {
    this.shard = shard;
    this.mayBeBegun = mayBeBegun;
  }

  boolean isOf(Shard wanted) {
    return wanted.epoch() == shard.epoch() && wanted.id().equals(shard.id());
  }

  /**
   * Whether the leader, which has no marker, is to be given one. One that had a marker has lost
   * more than that, but where nobody else could lead it goes on with what it has.
   */
  boolean begin() {
    losses += highest > 0 ? 1 : 0;
    highest = 0;
    return mayBeBegun;
  }

  /**
   * How often the leader was seen to have lost a part of its history: numbers from before mean
   * something else since.
   */
  int losses() {
    return losses;
  }

  /** The highest number that is known. */
  long highest() {
    return highest;
  }

  /**
   * The marker was advanced to {@code number} by a request that was sent when {@code before} was
   * the highest number known; false if that had been reached already: the leader has lost a part of
   * its history, and goes on from where it is.
   */
  boolean advance(long before, long number) {
    boolean isNew = number > before;
    losses += isNew ? 0 : 1;
    highest = isNew ? Math.max(highest, number) : number;
    return isNew;
  }
}
