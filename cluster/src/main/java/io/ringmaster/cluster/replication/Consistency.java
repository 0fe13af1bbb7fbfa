package io.ringmaster.cluster.replication;

/** The levels at which requests are executed. */
public record Consistency(ReadLevel read, WriteLevel write) {

  /** What a shard of {@code nodes} gives to those who ask for nothing else. */
  public static Consistency usual(int nodes) {
    return new Consistency(ReadLevel.LEADER, nodes >= 3 ? WriteLevel.QUORUM : WriteLevel.ASYNC);
  }
}
