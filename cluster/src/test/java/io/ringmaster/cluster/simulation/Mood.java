package io.ringmaster.cluster.simulation;

import java.util.List;

/** What goes wrong most: mixing everything at all times would hide as much as it finds. */
enum Mood {
  /** Everything, in moderation. */
  MIXED,
  /** Connections; the leader stays where it is. */
  NETWORK,
  /** The operator: one failover after the other, back and forth. */
  OPERATOR,
  /** Whoever holds leases is cut off from the config group or stopped while leaders change. */
  LEASES,
  /** Coordinators look after the shard, by themselves, instead of an operator. */
  COORDINATORS;

  /** Those with an operator. */
  static final List<Mood> OPERATED = List.of(MIXED, NETWORK, OPERATOR, LEASES);
}
