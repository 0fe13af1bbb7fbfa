package io.ringmaster.cluster.simulation;

import java.util.List;

/**
 * The configuration file of a server.
 *
 * @param fencedAtBoot whether a start makes it a replica of nobody
 * @param servesStale whether a replica without a link to its leader may be read from
 * @param durable whether nothing is answered before it is on disk
 */
record ServerConfiguration(boolean fencedAtBoot, boolean servesStale, boolean durable) {

  /** It harms nobody until it has been told what to be. */
  static final ServerConfiguration FENCED = new ServerConfiguration(true, false, false);

  /** It leads with whatever it has, and refuses to be read while it follows nobody that answers. */
  static final ServerConfiguration LEADING = new ServerConfiguration(false, false, false);

  /** As it is delivered. */
  static final ServerConfiguration ORDINARY = new ServerConfiguration(false, true, false);

  /** The same with {@code appendfsync always}. */
  static final ServerConfiguration DURABLE = new ServerConfiguration(false, true, true);

  static final List<ServerConfiguration> WITHOUT_FENCE = List.of(LEADING, ORDINARY, DURABLE);
}
