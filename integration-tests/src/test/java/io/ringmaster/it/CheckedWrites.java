package io.ringmaster.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Writes one key after the other, whatever happens, and remembers what was acknowledged. */
final class CheckedWrites implements AutoCloseable {

  private static final long PAUSE_NANOS = 10_000_000;
  private static final int AT_ONCE = 500;

  private final Supplier<Jedis> connector;
  private final String prefix;
  private final Duration pause;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final ConcurrentHashMap.KeySetView<String, Boolean> keys = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  /** {@code connector} opens a connection, again after each error. */
  CheckedWrites(Supplier<Jedis> connector, String prefix) {
    this(connector, prefix, Duration.ZERO);
  }

  /** The same, with a pause behind each write. */
  CheckedWrites(Supplier<Jedis> connector, String prefix, Duration pause) {
    this.connector = connector;
    this.prefix = prefix;
    this.pause = pause;
    this.thread = Thread.ofVirtual().start(this::run);
  }

  private void run() {
    int number = 0;
    while (!stopping.get()) {
      try (Jedis client = connector.get()) {
        while (!stopping.get()) {
          String key = prefix + number++;
          if (client.set(key, key).equals("OK")) {
            keys.add(key);
            acknowledged.incrementAndGet();
          }
          LockSupport.parkNanos(pause.toNanos());
        }
      } catch (JedisException unacknowledged) {
        failures.incrementAndGet();
        // What became of that one is not known; the next one is another key.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Waits for acknowledgements of writes that have begun since. */
  void awaitMore(int count) {
    int target = acknowledged.get() + count + 1;
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> acknowledged.get() >= target);
  }

  /** What was acknowledged and is not there, or is something else. */
  List<String> missing(Jedis client) {
    List<String> missing = new ArrayList<>();
    List<String> written = List.copyOf(keys);
    for (int from = 0; from < written.size(); from += AT_ONCE) {
      List<String> some = written.subList(from, Math.min(from + AT_ONCE, written.size()));
      List<String> found = client.mget(some.toArray(String[]::new));
      for (int i = 0; i < some.size(); i++) {
        if (!some.get(i).equals(found.get(i))) {
          missing.add(some.get(i));
        }
      }
    }
    return missing;
  }

  int count() {
    return acknowledged.get();
  }

  /** Writes that were not acknowledged. */
  int failures() {
    return failures.get();
  }

  /** Writes no more. */
  void stop() {
    stopping.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
