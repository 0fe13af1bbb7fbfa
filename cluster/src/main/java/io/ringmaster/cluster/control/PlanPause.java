package io.ringmaster.cluster.control;

/**
 * How long nothing is planned unasked for a shard that could not be handed over: its clients have
 * waited in vain, and would again. Each time twice as long.
 */
final class PlanPause {

  /** The longest pause, in times of the first. */
  static final long MOST = 32;

  private final long firstMillis;
  private long pauseMillis;
  private long over;

  PlanPause(long firstMillis) {
    this.firstMillis = firstMillis;
  }

  /** A hand-over was given up at {@code millis}. */
  void begin(long millis) {
    pauseMillis = Math.clamp(2 * pauseMillis, firstMillis, MOST * firstMillis);
    over = millis + pauseMillis;
  }

  /** One has succeeded. */
  void end() {
    pauseMillis = 0;
    over = 0;
  }

  boolean isOver(long millis) {
    return millis >= over;
  }
}
