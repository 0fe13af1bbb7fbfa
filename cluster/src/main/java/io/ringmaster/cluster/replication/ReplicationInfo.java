package io.ringmaster.cluster.replication;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a leader says about its replicas.
 *
 * @param offset end of its replication stream, in bytes
 * @param offsets how much of it each replica has acknowledged, by the replica's address
 */
record ReplicationInfo(long offset, Map<String, Long> offsets) {

  private static final Pattern OFFSET = Pattern.compile("(?m)^master_repl_offset:(\\d+)");
  private static final Pattern REPLICA =
      Pattern.compile("(?m)^slave\\d+:ip=([^,]*),port=(\\d+),state=online,offset=(\\d+),");

  /** Reads the text of {@code INFO replication}. */
  static ReplicationInfo parse(String text) {
    Matcher end = OFFSET.matcher(text);
    long offset = end.find() ? Long.parseLong(end.group(1)) : Long.MAX_VALUE;
    Map<String, Long> offsets = new HashMap<>();
    Matcher replica = REPLICA.matcher(text);
    while (replica.find()) {
      String address = replica.group(1) + ":" + replica.group(2);
      offsets.merge(address, Long.parseLong(replica.group(3)), Math::min);
    }
    return new ReplicationInfo(offset, Map.copyOf(offsets));
  }

  /**
   * How many different replicas have acknowledged {@code wanted}; not one that has acknowledged
   * nothing yet, since it may still be loading.
   */
  long replicasAt(long wanted) {
    return offsets.values().stream().filter(reached -> reached >= Math.max(1, wanted)).count();
  }
}
