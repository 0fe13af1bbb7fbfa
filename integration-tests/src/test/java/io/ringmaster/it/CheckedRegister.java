package io.ringmaster.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One key that is set to 1, 2, 3 and so on by one client, while another reads it at {@code
 * linearizable}. A read must not fall behind what was acknowledged or read before it began, unless
 * it shows a write whose end is not known: that one may happen at any time. What was refused must
 * never be seen.
 */
final class CheckedRegister implements AutoCloseable {

  private static final ProtocolCommand CONSISTENCY =
      () -> "KV.CONSISTENCY".getBytes(StandardCharsets.US_ASCII);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final String key;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicLong tried = new AtomicLong();
  private final AtomicLong proved = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private final Set<Long> uncertain = ConcurrentHashMap.newKeySet();
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads;

  /** {@code writing} and {@code reading} open connections, again after each error. */
  CheckedRegister(String key, Supplier<Jedis> writing, Supplier<Jedis> reading) {
    this.key = key;
    this.threads =
        List.of(
            Thread.ofVirtual().start(() -> repeat(writing, client -> {}, this::write)),
            Thread.ofVirtual().start(() -> repeat(reading, CheckedRegister::prepare, this::read)));
  }

  private static void prepare(Jedis client) {
    client.sendCommand(CONSISTENCY, "READ", "linearizable");
  }

  private void repeat(Supplier<Jedis> connector, Consumer<Jedis> first, Consumer<Jedis> then) {
    while (!stopping.get()) {
      try (Jedis client = connector.get()) {
        first.accept(client);
        while (!stopping.get()) {
          then.accept(client);
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      } catch (JedisException failed) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void write(Jedis client) {
    long number = tried.incrementAndGet();
    try {
      client.set(key, "" + number);
      proved.accumulateAndGet(number, Math::max);
    } catch (JedisDataException error) {
      boolean known = ("" + error.getMessage()).matches("(UNAVAILABLE|CLUSTERDOWN) .*");
      (known ? refused : uncertain).add(number);
    } catch (JedisException broken) {
      uncertain.add(number);
      throw broken;
    }
  }

  private void read(Jedis client) {
    long least = proved.get();
    String found = client.get(key);
    long value = found == null ? 0 : Long.parseLong(found);
    long most = tried.get();
    boolean old = value < least && !uncertain.contains(value);
    if (old || value > most || refused.contains(value)) {
      wrong.add("%s: read %d, not %d to %d".formatted(key, value, least, most));
    }
    proved.accumulateAndGet(value, Math::max);
    reads.incrementAndGet();
  }

  /** How many reads there were. */
  int count() {
    return reads.get();
  }

  /** Reads that no order in time explains. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  @Override
  public void close() {
    stopping.set(true);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
