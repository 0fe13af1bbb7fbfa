package io.ringmaster.cluster.control;

/**
 * What a controller does unasked.
 *
 * @param adopts whether the servers of a new shard are taken over
 * @param outOfSyncAfterMillis for how long a replica is silent before it is taken out of the
 *     in-sync set of its shard; 0 if it never is
 * @param uncleanLeader when a leader is chosen although too few nodes have what was acknowledged
 */
public record ControllerSettings(
    boolean adopts, long outOfSyncAfterMillis, UncleanLeader uncleanLeader) {

  /**
   * When a shard gets a leader again of which too many nodes have lost what they acknowledged.
   *
   * @see <a href="https://kafka.apache.org/documentation/#design_uncleanleader">Kafka: unclean
   *     leader election</a>
   */
  public enum UncleanLeader {
    /** When an operator forces it. */
    NEVER,
    /** As soon as all its nodes answer: the one that is furthest leads. */
    WHEN_ALL_ANSWER
  }
}
