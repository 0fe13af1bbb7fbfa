package io.ringmaster.proxy.verify;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets so many keys a second be looked at, until it is stopped. */
final class Pace {

  /** What was not used for longer is lost. */
  private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final int keysPerSecond;
  private final Runnable check;
  private volatile boolean stopped;
  private long free = System.nanoTime();

  /** {@code check} throws when it makes no sense to go on. */
  Pace(int keysPerSecond, Runnable check) {
    this.keysPerSecond = keysPerSecond;
    this.check = check;
  }

  /**
   * Waits until {@code keys} more may be looked at.
   *
   * @throws CancellationException if it was stopped
   */
  void await(long keys) {
    long now = System.nanoTime();
    if (free < now - SAVED_NANOS) {
      free = now - SAVED_NANOS;
    }
    free += keys * TimeUnit.SECONDS.toNanos(1) / keysPerSecond;
    pause(free - now);
  }

  /**
   * Waits so long.
   *
   * @throws CancellationException if it was stopped
   */
  void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !stopped; left = until - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, SAVED_NANOS));
    }
    if (stopped) {
      throw new CancellationException("stopped");
    }
    check.run();
  }

  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }
}
