package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.metadata.Departure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether the log can still be kept. Ratis would not tell: a log that is
 * deleted can be written to for long, and a leader whose log has failed leads on.
 */
final class LogWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
  private static final long INTERVAL_MILLIS = 500;

  private final Runnable look;
  private final CompletableFuture<Departure> departure;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /** {@code look} runs again and again, on a thread of its own, until there is a departure. */
  static LogWatch start(Runnable look, CompletableFuture<Departure> departure) {
    LogWatch watch = new LogWatch(look, departure);
    watch.thread.start();
    return watch;
  }

  private LogWatch(Runnable look, CompletableFuture<Departure> departure) {
    this.look = look;
    this.departure = departure;
    this.thread = Thread.ofVirtual().name("log-watch").unstarted(this::run);
  }

  private void run() {
    try {
      while (!departure.isDone() && !closing.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        lookOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookOnce() {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.error("an error in Ringmaster itself, please report it", e);
    }
  }

  /** It does not look any more when this returns. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
