package io.ringmaster.proxy.verify;

import io.ringmaster.cluster.topology.NodeId;
import java.time.Instant;
import java.util.List;

/**
 * The progress of the comparison of one shard.
 *
 * @param shard its id
 * @param epoch of the shard when it began
 * @param leader with whom the replicas are compared
 * @param state whether it goes on
 * @param reason why it failed; empty if it did not
 * @param since when it began
 * @param until when it ended, or the time of asking
 * @param keys of the leader, looked at so far
 * @param total keys that the leader had at the beginning
 * @param replicas with whom it is compared
 */
public record Progress(
    String shard,
    long epoch,
    NodeId leader,
    State state,
    String reason,
    Instant since,
    Instant until,
    long keys,
    long total,
    List<Replica> replicas) {

  /** The stages of a comparison. */
  public enum State {
    RUNNING,
    FINISHED,
    STOPPED,
    FAILED
  }

  /**
   * The progress at one replica.
   *
   * @param node its address
   * @param state whether it goes on
   * @param reason why it failed; empty if it did not
   * @param keys of the leader that it was compared by
   * @param ownKeys of its own that the leader was asked for
   * @param differences how many keys differ
   * @param undecided how many keys were changed so often that nothing can be said
   * @param first some of the keys that differ
   */
  public record Replica(
      NodeId node,
      State state,
      String reason,
      long keys,
      long ownKeys,
      long differences,
      long undecided,
      List<Difference> first) {}
}
