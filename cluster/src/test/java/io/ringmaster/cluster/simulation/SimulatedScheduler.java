package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.Scheduler;

/** The clock and the timers of one process. */
record SimulatedScheduler(SimulatedProcess process) implements Scheduler {

  @Override
  public long micros() {
    return process.moment().nanos() / 1000;
  }

  @Override
  public void schedule(long delayMillis, Runnable task) {
    process.after(delayMillis * 1000, task);
  }

  @Override
  public void afterThis(Runnable task) {
    process.after(process.world().between(0, 50), task);
  }
}
