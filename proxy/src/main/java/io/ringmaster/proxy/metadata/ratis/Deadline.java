package io.ringmaster.proxy.metadata.ratis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of the time that an operation may take. */
public record Deadline(long nanos, Duration allowed) {

  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos(), duration);
  }

  boolean isOver() {
    return System.nanoTime() - nanos >= 0;
  }

  /** At least 1, since some callees take 0 for no limit. */
  long millis() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
  }

  /** How much time there was, {@code 5 s} or {@code 300 ms}. */
  String text() {
    long millis = allowed.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
