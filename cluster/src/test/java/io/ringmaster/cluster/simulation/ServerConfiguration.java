package io.ringmaster.cluster.simulation;

import java.util.List;

/**
 * The configuration file of a server.
 *
 * @param fencedAtBoot whether a start makes it a replica of nobody
 * @param servesStale whether a replica without a link to its leader may be read from
 */
record ServerConfiguration(boolean fencedAtBoot, boolean servesStale) {

  /** It harms nobody until it has been told what to be. */
  static final ServerConfiguration FENCED = new ServerConfiguration(true, false);

  /** It leads with whatever it has, and refuses to be read while it follows nobody that answers. */
  static final ServerConfiguration LEADING = new ServerConfiguration(false, false);

  /** As it is delivered. */
  static final ServerConfiguration ORDINARY = new ServerConfiguration(false, true);

  static final List<ServerConfiguration> WITHOUT_FENCE = List.of(LEADING, ORDINARY);
}
