package io.ringmaster.cluster.control;

import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Set;
import java.util.function.Consumer;

/** The config group as its leader uses it. All calls, and all calls back, on one event loop. */
public interface ConfigLog {

  /** The newest topology that has arrived here. */
  Topology topology();

  /** The term in which this coordinator leads the group; {@link Term#NONE} if it does not lead. */
  Term term();

  /**
   * Proposes a change. {@code ended} hears when it was decided, or has failed.
   *
   * @param tookMillis from its cause until now
   */
  void commit(TopologyChange change, String cause, long tookMillis, Runnable ended);

  /** Returns the changes that were proposed here. */
  Proposals proposals();

  /**
   * Asks a majority whether this coordinator still leads in {@code term}. {@code then} gets the
   * answer; if it is yes, {@link #topology()} has everything that was committed before the call.
   */
  void confirm(Term term, Consumer<Boolean> then);

  /** Returns what the coordinators have reported, in milliseconds of the event loop's clock. */
  Reports reports();

  /** The names of those who have a vote. */
  Set<String> members();
}
