package io.ringmaster.proxy.metadata;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of the time that an operation may take. */
record Deadline(long nanos) {

  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - nanos >= 0;
  }

  /** At least 1, since some callees take 0 for no limit. */
  long millis() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
  }
}
