package io.ringmaster.cluster.simulation;

import java.util.List;

/**
 * The configuration file of a server.
 *
 * @param fencedAtBoot whether a start makes it a replica of nobody
 * @param servesStale whether a replica without a link to its leader may be read from
 * @param durable whether nothing is answered before it is on disk
 * @param follows whether a start makes it a replica of the first server, unless it is that one
 * @param pretends whether somebody has made it durable while it ran, which its file does not say
 */
record ServerConfiguration(
    boolean fencedAtBoot, boolean servesStale, boolean durable, boolean follows, boolean pretends) {

  ServerConfiguration(boolean fencedAtBoot, boolean servesStale, boolean durable, boolean follows) {
    this(fencedAtBoot, servesStale, durable, follows, false);
  }

  /** As its file says. */
  ServerConfiguration asStarted() {
    return pretends
        ? new ServerConfiguration(fencedAtBoot, servesStale, false, follows, false)
        : this;
  }

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

  /** Durable by its settings, but not by its file. */
  static final ServerConfiguration PRETENDING =
      new ServerConfiguration(false, true, true, false, true);

  private static final List<ServerConfiguration> WITHOUT_FENCE =
      List.of(LEADING, ORDINARY, DURABLE, FOLLOWING);

  /** One of those that a coordinator may find. */
  static ServerConfiguration withoutFence(World world, Hole hole, boolean stops) {
    if (hole == Hole.TRUSTED_COPY || (hole == Hole.NONE && !stops && world.chance(0.15))) {
      return DURABLE_FOLLOWING;
    }
    if (hole == Hole.TRUSTED_FILE || (hole == Hole.NONE && !stops && world.chance(0.1))) {
      return PRETENDING;
    }
    if (hole == Hole.ANYBODY_REPLICATES) {
      return FOLLOWING;
    }
    // What is stopped has to come back as it was.
    return world.pick(stops ? WITHOUT_FENCE.subList(0, 3) : WITHOUT_FENCE);
  }
}
