package io.ringmaster.cluster.simulation;

import java.util.List;

/**
 * The configuration file of a server.
 *
 * @param fencedAtBoot whether a start makes it a replica of nobody
 * @param servesStale whether a replica without a link to its leader may be read from
 * @param durable whether nothing is answered before it is on disk
 * @param follows whether a start makes it a replica of the first server, unless it is that one
 */
record ServerConfiguration(
    boolean fencedAtBoot, boolean servesStale, boolean durable, boolean follows) {

  /** It harms nobody until it has been told what to be. */
  static final ServerConfiguration FENCED = new ServerConfiguration(true, false, false, false);

  /** It leads with whatever it has, and refuses to be read while it follows nobody that answers. */
  static final ServerConfiguration LEADING = new ServerConfiguration(false, false, false, false);

  /** As it is delivered. */
  static final ServerConfiguration ORDINARY = new ServerConfiguration(false, true, false, false);

  /** The same with {@code appendfsync always}. */
  static final ServerConfiguration DURABLE = new ServerConfiguration(false, true, true, false);

  /** The same with {@code replicaof}, as where somebody had set replication up by hand. */
  static final ServerConfiguration FOLLOWING = new ServerConfiguration(false, true, false, true);

  /** Both. */
  static final ServerConfiguration DURABLE_FOLLOWING =
      new ServerConfiguration(false, true, true, true);

  private static final List<ServerConfiguration> WITHOUT_FENCE =
      List.of(LEADING, ORDINARY, DURABLE, FOLLOWING);

  /** One of those that a coordinator may find. */
  static ServerConfiguration withoutFence(World world, Hole hole, boolean stops) {
    if (hole == Hole.TRUSTED_COPY || (hole == Hole.NONE && !stops && world.chance(0.15))) {
      return DURABLE_FOLLOWING;
    }
    if (hole == Hole.ANYBODY_REPLICATES) {
      return FOLLOWING;
    }
    // What is stopped has to come back as it was.
    return world.pick(stops ? WITHOUT_FENCE.subList(0, 3) : WITHOUT_FENCE);
  }
}
