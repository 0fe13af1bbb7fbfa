package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Optional;

/** The work on a shard while it stays in one state of one epoch. */
interface Stage {

  /**
   * A change that is due.
   *
   * @param change what is to be committed
   * @param cause why, for the operator
   * @param leaderFailed whether another one is to lead, if any can
   */
  record Step(TopologyChange change, String cause, boolean leaderFailed) {

    Step(TopologyChange change, String cause) {
      this(change, cause, false);
    }
  }

  /**
   * Since when there has been a cause for the step that is due, in milliseconds; when the stage
   * began, at {@code begun}, where nothing else is known.
   */
  default long dueSince(long begun) {
    return begun;
  }

  /** When clients could last be served, or {@code now} if they can be. */
  default long servedUntil(long now) {
    return now;
  }

  /**
   * Does what can be done now; {@code now} is the shard as it is. The step that ends this, if any.
   */
  Optional<Step> tick(Shard now);

  /** Ends what it has begun. */
  void close();

  /** Returns what is missing, for the operator; empty if nothing is. */
  String waitsFor();
}
