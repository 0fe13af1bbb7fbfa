package io.ringmaster.cluster.topology;

/** The levels at which requests are executed. */
public record Consistency(ReadLevel read, WriteLevel write) {

  /** The levels of those who ask for nothing else. */
  public static final Consistency DEFAULT = new Consistency(ReadLevel.LEADER, WriteLevel.DEFAULT);

  /** Returns the levels for what only leaders are asked. */
  public Consistency atLeader() {
    return read.mayBeStale() ? new Consistency(ReadLevel.LEADER, write) : this;
  }

  /** Of each the stronger level. */
  public Consistency strongest(Consistency other) {
    if (equals(other)) {
      return this;
    }
    return new Consistency(
        read.compareTo(other.read) >= 0 ? read : other.read,
        write.compareTo(other.write) >= 0 ? write : other.write);
  }
}
