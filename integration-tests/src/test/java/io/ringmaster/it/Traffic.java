package io.ringmaster.it;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Writes and reads back over one connection, until closed. */
final class Traffic implements AutoCloseable {

  private final Jedis client;
  private final String key;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicInteger done = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  Traffic(Jedis client, String key) {
    this.client = client;
    this.key = key;
    this.thread = Thread.ofVirtual().start(this::run);
  }

  private void run() {
    while (!stopping.get()) {
      String value = String.valueOf(done.get());
      try {
        client.set(key, value);
        if (!value.equals(client.get(key))) {
          errors.add("another value");
        }
        done.incrementAndGet();
      } catch (JedisException e) {
        errors.add(String.valueOf(e.getMessage()));
        return;
      }
    }
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  void awaitMore(int count) {
    int target = done.get() + count;
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> done.get() >= target || !errors.isEmpty());
  }

  @Override
  public void close() {
    stopping.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
