package io.ringmaster.proxy.health;

import io.ringmaster.cluster.topology.MarkerPosition;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server says of its place in the replication of its shard.
 *
 * @param role {@code master} or {@code slave}; empty if unknown
 * @param masterLink a replica's link to its master: {@code up} or {@code down}; empty if there is
 *     none
 * @param masterSilentSeconds for how long a replica has heard nothing of its master; -1 if it has
 *     none
 * @param history the name of the replication stream that it writes or follows; empty if unknown
 * @param offset its place in that stream, in bytes
 * @param marker its position marker; empty if it does not tell
 */
public record ReplicationState(
    String role,
    String masterLink,
    long masterSilentSeconds,
    String history,
    long offset,
    Optional<MarkerPosition> marker) {

  /** Nothing is known. */
  static final ReplicationState UNKNOWN = new ReplicationState("", "", -1, "", 0, Optional.empty());

  /** The same while it loads its data, and follows nobody. */
  ReplicationState whileLoading() {
    return new ReplicationState(role, "", -1, history, offset, marker);
  }

  /** Whether it is a replica whose link to its master works. */
  boolean isFollowing() {
    return role.equals("slave") && masterLink.equals("up") && masterSilentSeconds >= 0;
  }

  /** Whether it is in the same stream as {@code other}, and not behind it. */
  boolean hasReached(ReplicationState other) {
    return sharesHistory(other)
        && offset >= other.offset
        && marker.isPresent()
        && other.marker.isPresent()
        && marker.get().hasReached(other.marker.get());
  }

  /** Bytes that it lacks of what {@code leader} has; empty where the streams are different ones. */
  OptionalLong bytesBehind(ReplicationState leader) {
    return sharesHistory(leader)
        ? OptionalLong.of(Math.max(0, leader.offset - offset))
        : OptionalLong.empty();
  }

  /** Barriers that it lacks; empty if that is not known, or the epochs are different ones. */
  OptionalLong markersBehind(ReplicationState leader) {
    if (marker.isEmpty() || leader.marker.isEmpty()) {
      return OptionalLong.empty();
    }
    MarkerPosition own = marker.get();
    MarkerPosition target = leader.marker.get();
    return own.epoch() == target.epoch()
        ? OptionalLong.of(Math.max(0, target.number() - own.number()))
        : OptionalLong.empty();
  }

  private boolean sharesHistory(ReplicationState other) {
    return !history.isEmpty() && history.equals(other.history);
  }
}
