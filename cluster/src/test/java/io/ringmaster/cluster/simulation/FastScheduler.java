package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.Scheduler;

/**
 * The clock and the timers of a coordinator, which thinks that everything takes longer than it
 * does: so its periods are in proportion to the short lives of what is simulated.
 */
record FastScheduler(SimulatedProcess process) implements Scheduler {

  /** How much faster it is than the others. */
  static final int TIMES = 10;

  /** What it takes so many microseconds of the others for; rather too much. */
  static long millis(long micros) {
    return micros * TIMES / 1000 + 1;
  }

  @Override
  public long micros() {
    return process.moment().nanos() / (1_000 / TIMES);
  }

  @Override
  public void schedule(long delayMillis, Runnable task) {
    process.after(delayMillis * 1000 / TIMES, task);
  }

  @Override
  public void afterThis(Runnable task) {
    process.after(process.world().between(0, 50), task);
  }
}
