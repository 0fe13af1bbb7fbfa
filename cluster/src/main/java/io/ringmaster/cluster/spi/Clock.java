package io.ringmaster.cluster.spi;

/** The clocks of this process, read together. Safe for all threads. */
@FunctionalInterface
public interface Clock {

  /** Returns the clocks' readings of this very moment; never a time that was taken before. */
  Moment now();

  /**
   * The readings of two clocks at one moment.
   *
   * @param nanos a clock that never goes back, of which only differences mean anything; it may
   *     stand still while the machine is suspended
   * @param wallMillis the time of day since 1970, which goes on meanwhile, but may be set
   */
  record Moment(long nanos, long wallMillis) {}
}
