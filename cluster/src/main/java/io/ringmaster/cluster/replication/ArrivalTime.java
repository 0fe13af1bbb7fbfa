package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Scheduler;

/** When the replies came that are being handled: one look at the clock for all of one read. */
final class ArrivalTime {

  private final Scheduler scheduler;
  private long micros;
  private boolean known;

  ArrivalTime(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Something was read from a connection. */
  void arrived() {
    known = false;
  }

  long micros() {
    if (!known) {
      known = true;
      micros = scheduler.micros();
    }
    return micros;
  }
}
