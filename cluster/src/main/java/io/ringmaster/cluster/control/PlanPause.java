package io.ringmaster.cluster.control;

/**
 * How long nothing is planned by itself for a shard that could not be handed over: its clients have
 * waited in vain, and would again. Each time twice as long.
 */
final class PlanPause {

  static final long SHORTEST_MILLIS = 10_000;
  static final long LONGEST_MILLIS = 300_000;

  private long pauseMillis;
  private long over;

  /** A hand-over was given up at {@code millis}. */
  void begin(long millis) {
    pauseMillis = Math.clamp(2 * pauseMillis, SHORTEST_MILLIS, LONGEST_MILLIS);
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
