package io.ringmaster.cluster.control;

/**
 * The windows of the protocol that nobody configures, in milliseconds, each with its reason. None
 * of them decides about safety: with other values shards would only be without a leader for longer,
 * or change it more often than is useful.
 */
final class Timing {

  /**
   * Between two looks of the controller: a step of the protocol waits for half of it on average.
   */
  static final int TICK = 30;

  /** The same while a shard has no leader, since clients wait for it. */
  static final int URGENT_TICK = 2;

  /** Between two looks of the failure detector, a few of which fit into its shortest limit. */
  static final int DETECTOR_TICK = 100;

  /** Between two questions to a leader that is well, each of which is a write. */
  static final int LEADER_PROBE = 500;

  /** Between two looks at a leader's role, or at a replica that has caught up. */
  static final int LOOK = 500;

  /** The same at a replica that is catching up, so that an epoch begins soon. */
  static final int LOOK_AT_STRAGGLER = 100;

  /** After a node could not be sealed: to be refused costs both sides little. */
  static final int SEAL_RETRY = 500;

  /**
   * For so long a node that hangs holds up the choice of a leader; one that is slow may be ahead.
   */
  static final int SEAL_GRACE = 300;

  /** For so long nodes other than the failed leader are waited for, which may have all it had. */
  static final int OTHERS_GRACE = 10_000;

  /** After a leader could not be promoted, or has too few followers. */
  static final int PROMOTION_RETRY = 200;

  /** After that another leader is chosen; doubled with each, as the network may be slow. */
  static final int PROMOTION_LIMIT = 10_000;

  /** For so long the first barrier of an epoch waits at the server at a time. */
  static final int FIRST_BARRIER = 1000;

  /** A leader that lacks replicas may have them back: to restart one takes about that. */
  static final int REPLICAS_RETURN = 3000;

  /** For so long administrators are let in before a shard is paused; clients do not wait yet. */
  static final int PREPARATION = 500;

  /** For so long a shard is paused before it is known that it can be handed over. */
  static final int PAUSE_LIMIT = 500;

  /** For so long the last marker waits at the server at a time, while the shard is paused. */
  static final int LAST_MARKER = 50;

  /** After so long in sealing, a shard that was to be handed over is fenced instead. */
  static final int HAND_OVER_SEALING = 1000;

  private Timing() {}
}
