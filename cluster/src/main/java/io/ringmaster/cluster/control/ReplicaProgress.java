package io.ringmaster.cluster.control;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the replicas of a leader are, as it sees them. A large value is acknowledged in one
 * piece, so that what is still to be sent counts besides what was acknowledged.
 *
 * @param acknowledged bytes of the stream, by replica
 * @param unsent bytes that wait to be sent, by connection
 */
record ReplicaProgress(Map<String, Long> acknowledged, Map<String, Long> unsent) {

  private static final Pattern REPLICA =
      Pattern.compile("ip=([^,]*,port=\\d+),state=online,offset=(\\d+).*");

  private static final Pattern CONNECTION = Pattern.compile("(?m)^id=(\\d+) .* omem=(\\d+) .*$");

  /** By {@code INFO replication} and {@code CLIENT LIST TYPE replica}. */
  static ReplicaProgress of(NodeReport leader, String connections) {
    Map<String, Long> acknowledged = new HashMap<>();
    for (String value : leader.fields().values()) {
      Matcher replica = REPLICA.matcher(value);
      if (replica.matches()) {
        acknowledged.merge(replica.group(1), Long.parseLong(replica.group(2)), Math::max);
      }
    }
    Map<String, Long> unsent = new HashMap<>();
    Matcher connection = CONNECTION.matcher(connections);
    while (connection.find()) {
      unsent.put(connection.group(1), Long.parseLong(connection.group(2)));
    }
    return new ReplicaProgress(acknowledged, unsent);
  }

  /** Whether at least {@code wanted} replicas have got ahead since {@code before}. */
  boolean isAheadOf(ReplicaProgress before, int wanted) {
    return Math.max(grown(before.acknowledged, acknowledged), grown(unsent, before.unsent))
        >= wanted;
  }

  private static long grown(Map<String, Long> from, Map<String, Long> to) {
    return from.entrySet().stream()
        .filter(entry -> to.getOrDefault(entry.getKey(), 0L) > entry.getValue())
        .count();
  }
}
