package io.ringmaster.proxy.loop;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what one task throws from all others of its event loop: it is counted, and logged at most
 * once a second. {@link Error}s are no exception, as the usual one is that memory cannot be had,
 * and the next task may need none. Belongs to one event loop.
 */
public final class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Runnable counter;
  private long loggedNanos = System.nanoTime() - QUIET_NANOS;
  private long unlogged;

  /** {@code counter} runs for each fault. */
  public Faults(Runnable counter) {
    this.counter = counter;
  }

  /** Runs {@code task}; whatever that throws ends here. {@code what} it is: for the log. */
  public void guard(String what, Runnable task) {
    try {
      task.run();
    } catch (Throwable fault) {
      caught(what, fault);
    }
  }

  /** {@code fault} was thrown by {@code what}, and whoever calls sees to what that means. */
  public void caught(String what, Throwable fault) {
    counter.run();
    try {
      log(what, fault);
    } catch (Throwable unsaid) {
      // Of the log nothing better can be expected when not even it has any memory.
      unlogged++;
    }
  }

  private void log(String what, Throwable fault) {
    long now = System.nanoTime();
    if (now - loggedNanos < QUIET_NANOS) {
      unlogged++;
      return;
    }
    loggedNanos = now;
    LOG.error("{} failed; {} faults before were not logged", what, unlogged, fault);
    unlogged = 0;
  }
}
