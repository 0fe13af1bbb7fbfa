package io.ringmaster.proxy.loop;

import io.ringmaster.cluster.spi.Scheduler;
import java.util.concurrent.TimeUnit;

/** Time and timers of a data loop. */
public final class LoopScheduler implements Scheduler {

  private final DataLoop loop;

  public LoopScheduler(DataLoop loop) {
    this.loop = loop;
  }

  @Override
  public long micros() {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
  }

  @Override
  public void schedule(long delayMillis, Runnable task) {
    loop.schedule(delayMillis, task);
  }

  @Override
  public void afterThis(Runnable task) {
    loop.resumeLater(task);
  }
}
