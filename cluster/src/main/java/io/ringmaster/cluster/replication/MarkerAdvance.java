package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Lane;

/**
 * One advance of the marker, and what it covers: of its own lane the replies that came up to its
 * answer, of every other lane those that had come when it was sent. Whatever was answered there
 * later may have been executed behind it.
 */
final class MarkerAdvance {

  private final long sequence;
  private final Lane lane;
  private final long numberBefore;
  // How many replies of each lane it covers, by the lane's index.
  private final long[] covered;
  private long number;
  private long answeredAtMillis;

  /**
   * An advance that is about to be sent on {@code lane}.
   *
   * @param sequence no other of its group has it
   * @param numberBefore the highest number of the marker that is known
   * @param covered how many replies have come on each lane, by its index
   */
  MarkerAdvance(long sequence, Lane lane, long numberBefore, long[] covered) {
    this.sequence = sequence;
    this.lane = lane;
    this.numberBefore = numberBefore;
    this.covered = covered;
  }

  long sequence() {
    return sequence;
  }

  Lane lane() {
    return lane;
  }

  long numberBefore() {
    return numberBefore;
  }

  /** Returns the number that the leader has advanced the marker to; 0 before it has answered. */
  long number() {
    return number;
  }

  boolean isAnswered() {
    return number > 0;
  }

  /** When the leader has answered. */
  long answeredAtMillis() {
    return answeredAtMillis;
  }

  /** The leader has answered at {@code millis}. */
  void answered(long newNumber, long millis) {
    number = newNumber;
    answeredAtMillis = millis;
  }

  /** Notes how many replies of the lane of that index had come by then. */
  void cover(int index, long replies) {
    covered[index] = replies;
  }

  /** Returns how many replies of the lane of that index it covers. */
  long covers(int index) {
    return index < covered.length ? covered[index] : 0;
  }
}
