package io.ringmaster.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Asks again and again, in pipelines, for keys whose values tell their names. An error is no wrong
 * reply, and the end of the connection is none; somebody else's value is.
 */
final class OwnValues implements AutoCloseable {

  private static final int KEYS = 30;
  private static final long PAUSE_NANOS = 5_000_000;

  private final Supplier<Jedis> connector;
  private final int number;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicInteger right = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  /** {@code connector} opens a connection, again after each error. */
  OwnValues(Supplier<Jedis> connector, int number) {
    this.connector = connector;
    this.number = number;
    write();
    this.thread = Thread.ofVirtual().start(this::run);
  }

  private String key(int i) {
    return "own" + number + ":" + i;
  }

  /** Of many sizes, so that some are copied and some are passed on as slices. */
  private String value(int i) {
    return key(i) + "x".repeat(i * i * 9);
  }

  private void write() {
    try (Jedis client = connector.get()) {
      for (int i = 0; i < KEYS; i++) {
        client.set(key(i), value(i));
      }
    }
  }

  private void run() {
    while (!stopping.get()) {
      try (Jedis client = connector.get()) {
        while (!stopping.get()) {
          read(client);
        }
      } catch (JedisException ended) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void read(Jedis client) {
    Pipeline pipeline = client.pipelined();
    List<Response<String>> replies = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      replies.add(pipeline.get(key(i)));
    }
    pipeline.sync();
    for (int i = 0; i < KEYS; i++) {
      try {
        String found = replies.get(i).get();
        if (value(i).equals(found)) {
          right.incrementAndGet();
        } else {
          wrong.add(key(i) + " was answered " + found);
        }
      } catch (JedisDataException error) {
        if (!("" + error.getMessage()).matches("(UNAVAILABLE|CLUSTERDOWN) .*")) {
          wrong.add(key(i) + " was answered " + error.getMessage());
        }
      }
    }
  }

  /** Waits for so many more right replies. */
  void awaitMore(int count) {
    int target = right.get() + count;
    Awaitility.await()
        .atMost(java.time.Duration.ofMinutes(2))
        .until(() -> right.get() >= target || !wrong.isEmpty());
  }

  /** What was answered with another value. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  @Override
  public void close() {
    stopping.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
