package io.ringmaster.cluster.spi;

/** Time and timers of one event loop, on which all tasks run. */
public interface Scheduler {

  /** Microseconds of a clock that never goes back; only differences mean anything. */
  long micros();

  /** Returns the same clock in milliseconds. */
  default long millis() {
    return micros() / 1000;
  }

  /** Runs {@code task} once, not before {@code delayMillis} have passed. */
  void schedule(long delayMillis, Runnable task);

  /** Runs {@code task} when all replies at hand have been handled. */
  void afterThis(Runnable task);
}
