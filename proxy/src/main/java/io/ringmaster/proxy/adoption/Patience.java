package io.ringmaster.proxy.adoption;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that is asked again and again. */
final class Patience {

  private static final long PAUSE_MILLIS = 2;

  private Patience() {}

  /** Whether {@code condition} was met within {@code limit}. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause();
    }
    return true;
  }

  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdoptionException("interrupted", e);
    }
  }
}
