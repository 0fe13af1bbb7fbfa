package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.function.Consumer;

/** The config group as its leader uses it. All calls, and all calls back, on one event loop. */
public interface ConfigLog {

  /** The newest topology that has arrived here. */
  Topology topology();

  /** The term in which this coordinator leads the group; 0 if it does not lead. */
  long term();

  /** Proposes a change. {@code ended} hears when it was decided, or has failed. */
  void commit(TopologyChange change, String cause, Runnable ended);

  /** Those changes that were proposed here. */
  Proposals proposals();

  /**
   * Asks a majority whether this coordinator still leads in {@code term}. {@code then} gets the
   * answer; if it is yes, {@link #topology()} has everything that was committed before the call.
   */
  void confirm(long term, Consumer<Boolean> then);

  /**
   * Whether no coordinator answers from a topology older than {@code epoch} any more: each has told
   * that it has it, or its lease has ended, as nobody who did not know it was granted one since.
   *
   * @param millis for how long the epoch has been known here
   */
  boolean isKnownEverywhere(long epoch, long millis);

  /** Whether every coordinator that belongs to the group has told that it has {@code epoch}. */
  boolean isKnownToMembers(long epoch);

  /** Whether no coordinator has anything in flight to {@code shard}, which is being handed over. */
  boolean isDrained(Shard shard);

  /** Whether a majority of the coordinators finds that the leader of {@code shard} has failed. */
  boolean isSuspected(Shard shard);
}
