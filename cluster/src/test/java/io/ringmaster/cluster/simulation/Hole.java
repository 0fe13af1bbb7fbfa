package io.ringmaster.cluster.simulation;

/** Protections that can be taken away, to prove that the checks notice. */
enum Hole {
  /** Nothing is missing. */
  NONE,
  /** The epoch is not read again after the wait. */
  STALE_WAIT(Mood.OPERATOR),
  /** The wait takes another connection than the marker. */
  WAIT_ON_OTHER_CONNECTION,
  /** Replies are passed on at once. */
  RELEASE_BEFORE_BARRIER,
  /** A new leader is chosen without cutting a quorum off from the old one. */
  NO_SEAL,
  /** A write that may have been executed is sent again. */
  RETRY_UNCERTAIN,
  /** Emptying the database empties it of the marker too. */
  FLUSH_DROPS_MARKER,
  /** A new connection does not end what is left of the one before. */
  NO_CONNECTION_FENCE(Mood.NETWORK),
  /** Replicas are counted by their links only. */
  COUNT_LINKS(Mood.NETWORK),
  /** The leader itself is listened to, as if it were each of its replicas. */
  ACK_OF_LEADER,
  /** What one replica tells counts for all of them. */
  COUNT_ANY_ACK,
  /** The marker that replicas tell of is advanced on another connection than the writes. */
  ADVANCE_ON_OTHER_CONNECTION,
  /** A server that was restarted leads at once, with whatever it still has. */
  NO_BOOT_FENCE,
  /** Members that have lost their memory count when a leader is chosen. */
  COUNT_AMNESIAC,
  /** What a client has written is not looked for where it reads. */
  FORGET_OWN_WRITES,
  /** A client's {@code WAIT} counts the replicas of a leader that came after its write. */
  WAIT_IN_OTHER_EPOCH,
  /** A lease counts from the arrival of the answer. */
  LEASE_FROM_ARRIVAL(Mood.LEASES),
  /** Whether the lease is held is decided by a time that was taken a while before. */
  CACHED_CLOCK(Mood.LEASES),
  /** The leader's replies are passed on without a look at the lease. */
  NO_ARRIVAL_CHECK(Mood.LEASES),
  /** Replies of an epoch that is over pass under a lease of the new one. */
  LEASE_OF_OLD_EPOCH(Mood.LEASES),
  /** A clock that stood still is not compared with the time of day. */
  UNNOTICED_SUSPEND(Mood.LEASES),
  /** A new leader serves before the leases under the old one have ended. */
  SERVE_AT_ONCE(Mood.LEASES),
  /** What a coordinator of an earlier term has sent may still arrive. */
  LATE_COORDINATOR_COMMAND(Mood.COORDINATORS),
  /** What the coordinator itself has sent before may still arrive. */
  LATE_BATCH_SAME_TERM(Mood.COORDINATORS),
  /** The node that is furthest by its place in the stream is chosen, whatever its marker says. */
  PROMOTE_BY_OFFSET(Mood.COORDINATORS),
  /** A coordinator chooses a leader after having cut off one node. */
  NO_SEAL_QUORUM(Mood.COORDINATORS),
  /** Nodes that were restarted count when a coordinator chooses a leader. */
  COUNT_FORGETFUL(Mood.COORDINATORS),
  /** A node is made the leader though it was restarted since it was chosen. */
  PROMOTE_UNCHECKED_RUN(Mood.COORDINATORS),
  /** A leader is chosen while somebody may hold a lease under the one before. */
  NO_LEASE_WAIT(Mood.COORDINATORS),
  /** The marker begins the epoch even where it is further. */
  MARKER_RESET(Mood.COORDINATORS),
  /** Whoever is known to a leader may replicate it. */
  ANYBODY_REPLICATES(Mood.COORDINATORS),
  /** If the leader had everything on disk, a replica is taken for it. */
  WRONG_KEEPER(Mood.COORDINATORS),
  /** A node that is planned is attached to the leader before it is counted. */
  ATTACH_BEFORE_COMMIT(Mood.COORDINATORS),
  /** A leader is chosen by the nodes that are left, whoever acknowledged with those that left. */
  SHRINK_BEFORE_DETACH(Mood.COORDINATORS),
  /** A leader that kept everything is trusted even where it has copied from another since. */
  TRUSTED_COPY(Mood.COORDINATORS),
  /** After a clean stop a node counts whatever its marker says. */
  UNPROVED_STOP(Mood.COORDINATORS),
  /**
   * Nobody finds that a leader has failed: nothing is lost by that, but the shard stays as it is.
   */
  NO_DETECTOR(Mood.COORDINATORS),
  /** Nobody finds that a leader has lost its replicas. */
  REPLICAS_UNCOUNTED(Mood.COORDINATORS),
  /** An advance of the marker covers what came on other connections before its answer. */
  COVER_OTHER_LANES,
  /** Where too few replicas answer in time, the marker is advanced anew each time. */
  NEW_MARKER_EACH_TIME(Mood.OPERATOR),
  /** Errors are passed on at once, whatever they tell. */
  ERRORS_UNPROVED,
  /** A leader that wrote everything to disk is trusted whatever it was started with. */
  TRUSTED_FILE(Mood.COORDINATORS),
  /** Whoever ever sent a heartbeat is waited for. */
  EVERYBODY_EVER(Mood.COORDINATORS),
  /** Whoever chooses a leader waits for leases as long as its own. */
  OWN_LEASE(Mood.COORDINATORS),
  /** A shard without a marker stays as it is. */
  NO_REMARK(Mood.COORDINATORS),
  /** A shard without a marker gets one, whatever its nodes have lost. */
  RASH_REMARK(Mood.COORDINATORS),
  /** With the nodes that are outside the in-sync set a majority gets smaller. */
  SHRUNKEN_MAJORITY(Mood.COORDINATORS),
  /** The last marker of a leader that hands over is taken to be everywhere at once. */
  LAST_MARKER_ANYWHERE(Mood.COORDINATORS),
  /** A connection ends what it has left itself when it was lost, and not what others have. */
  OWN_LEFTOVERS(Mood.NETWORK),
  /** Who listens to a replica hears of it even after it was cut off. */
  LISTENERS_OUTLIVE_SEAL(Mood.OPERATOR);

  private final Mood mood;

  Hole() {
    this(Mood.MIXED);
  }

  Hole(Mood mood) {
    this.mood = mood;
  }

  /** Whether it takes nodes that come and go. */
  boolean plans() {
    return this == ATTACH_BEFORE_COMMIT
        || this == SHRINK_BEFORE_DETACH
        || this == EVERYBODY_EVER
        || this == LAST_MARKER_ANYWHERE;
  }

  /** Whether it takes one leader soon after the other. */
  boolean isHasty() {
    return this == MARKER_RESET;
  }

  /** Whether it takes several connections side by side. */
  boolean mixesLanes() {
    return this == COVER_OTHER_LANES;
  }

  /** Whether it takes replication that is slow all the time. */
  boolean lags() {
    return this == NEW_MARKER_EACH_TIME || this == LISTENERS_OUTLIVE_SEAL;
  }

  /** Whether it takes servers and proxies that do not come back. */
  boolean loses() {
    return this == EVERYBODY_EVER || this == SHRUNKEN_MAJORITY;
  }

  /** Whether it takes settings that differ after a restart. */
  boolean resets() {
    return this == OWN_LEASE;
  }

  /** Whether nothing fails while one leader hands over to the next. */
  boolean isCalm() {
    return this == LAST_MARKER_ANYWHERE;
  }

  /** Whether it takes requests that travel on connections of their own. */
  boolean isLarge() {
    return this == OWN_LEFTOVERS;
  }

  /** Whether it takes somebody who deletes the marker. */
  boolean unmarks() {
    return this == NO_REMARK || this == RASH_REMARK;
  }

  /** Whether nothing is lost by it, but the shard stays without a leader. */
  boolean isStuck() {
    return this == NO_DETECTOR
        || this == REPLICAS_UNCOUNTED
        || this == EVERYBODY_EVER
        || this == NO_REMARK;
  }

  /** Whether it takes replicas that are listened to. */
  boolean listens() {
    return this == COVER_OTHER_LANES
        || this == ACK_OF_LEADER
        || this == COUNT_ANY_ACK
        || this == ADVANCE_ON_OTHER_CONNECTION
        || this == LISTENERS_OUTLIVE_SEAL;
  }

  /** Whether it takes barriers that wait. */
  boolean asks() {
    return this == STALE_WAIT
        || this == WAIT_ON_OTHER_CONNECTION
        || this == COUNT_LINKS
        || this == ATTACH_BEFORE_COMMIT
        || this == NEW_MARKER_EACH_TIME;
  }

  /** Whether it takes shards that are stopped. */
  boolean stops() {
    return this == UNPROVED_STOP;
  }

  /** In which it shows; mixed if in any. */
  Mood mood() {
    return mood;
  }
}
