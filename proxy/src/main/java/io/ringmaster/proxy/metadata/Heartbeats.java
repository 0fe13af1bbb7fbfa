package io.ringmaster.proxy.metadata;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a heartbeat in each interval, and at once when a new topology has been published here:
 * others wait for that.
 */
public final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final ConfigGroup group;
  private final long intervalNanos;
  private final LongConsumer granted;
  private final Semaphore published = new Semaphore(0);
  private final Thread thread;
  private boolean failing;

  /**
   * Begins at once.
   *
   * @param granted is told {@link System#nanoTime} of just before a heartbeat was sent, once the
   *     topology that was newest at that time or later is published here; it must return soon
   */
  public static Heartbeats start(ConfigGroup group, Duration interval, LongConsumer granted) {
    Heartbeats heartbeats = new Heartbeats(group, interval, granted);
    group.subscribe(topology -> heartbeats.published.release());
    heartbeats.thread.start();
    return heartbeats;
  }

  private Heartbeats(ConfigGroup group, Duration interval, LongConsumer granted) {
    this.group = group;
    this.intervalNanos = interval.toNanos();
    this.granted = granted;
    this.thread = Thread.ofVirtual().name("heartbeats").unstarted(this::run);
  }

  private void run() {
    try {
      while (true) {
        published.drainPermits();
        long sent = System.nanoTime();
        send(sent);
        long left = sent + intervalNanos - System.nanoTime();
        var unused = published.tryAcquire(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException closed) {
      LOG.debug("no more heartbeats");
    }
  }

  private void send(long sent) throws InterruptedException {
    try {
      group.heartbeat().get();
      granted.accept(sent);
      if (failing) {
        LOG.info("the config group answers heartbeats again");
        failing = false;
      }
    } catch (ExecutionException | RuntimeException e) {
      if (!failing) {
        LOG.warn("no answer to a heartbeat from the config group: {}", e.getMessage());
        failing = true;
      }
    }
  }

  /** Sends no more; nothing is granted afterwards. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
