package io.ringmaster.cluster.topology;

/**
 * A place in the history of a shard, as its marker tells.
 *
 * @param epoch of the shard; 0 if there is no marker
 * @param number how many barriers that epoch has seen
 */
public record MarkerPosition(long epoch, long number) implements Comparable<MarkerPosition> {

  /** There is no marker. */
  public static final MarkerPosition NONE = new MarkerPosition(0, 0);

  /**
   * Reads epoch and number with a blank between, as servers are asked for them.
   *
   * @throws NumberFormatException if it is something else
   */
  public static MarkerPosition parse(String text) {
    int blank = text.indexOf(' ');
    return new MarkerPosition(
        Long.parseLong(text.substring(0, Math.max(0, blank))),
        Long.parseLong(text.substring(blank + 1)));
  }

  /** Whether there is a marker. */
  public boolean exists() {
    return epoch > 0;
  }

  /** Whether it is at {@code other} or behind it, in whatever epoch. */
  public boolean hasReached(MarkerPosition other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(MarkerPosition other) {
    return epoch != other.epoch
        ? Long.compare(epoch, other.epoch)
        : Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return epoch + " " + number;
  }
}
