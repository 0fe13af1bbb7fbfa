package io.ringmaster.proxy.loop;

import io.ringmaster.cluster.spi.Clock;

/** The clocks of the machine. */
public final class SystemClock implements Clock {

  @Override
  public Moment now() {
    return new Moment(System.nanoTime(), System.currentTimeMillis());
  }
}
