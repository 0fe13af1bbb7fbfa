package io.ringmaster.proxy.control;

/**
 * Where a server's position marker stands.
 *
 * @param epoch of its shard; 0 if there is no marker
 * @param number which barrier of that epoch was the last
 */
public record MarkerPosition(long epoch, long number) {

  /** There is no marker. */
  public static final MarkerPosition NONE = new MarkerPosition(0, 0);

  /** Whether it is of the same epoch, and not behind {@code other}. */
  boolean hasReached(MarkerPosition other) {
    return epoch == other.epoch && number >= other.number;
  }
}
