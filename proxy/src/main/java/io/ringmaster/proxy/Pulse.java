package io.ringmaster.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.backend.BackendPool;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Signs of life of one data loop, which beats it again and again; all threads may ask. Each
 * question has an empty answer as long as nothing was wrong for as long as {@code limit}.
 */
final class Pulse {

  static final int BEAT_MILLIS = 500;

  /** More than what Netty keeps ready for each thread. */
  private static final int TRIED_BYTES = 64 * 1024;

  /** Between two attempts to connect nobody waits for a server. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LongSupplier nanoClock;
  private final ByteBufAllocator allocator;
  private volatile long beatAt;
  private volatile long allocatedAt;
  private volatile long heardAt;
  private volatile Set<NodeId> awaited = Set.of();
  private long awaitedAt;

  Pulse(LongSupplier nanoClock, ByteBufAllocator allocator) {
    this.nanoClock = nanoClock;
    this.allocator = allocator;
    beatAt = nanoClock.getAsLong();
    allocatedAt = beatAt;
    heardAt = beatAt;
    awaitedAt = beatAt;
  }

  /** The loop runs. On the loop. */
  void beat(BackendPool backends) {
    beat(backends.takeHeard(), backends.awaited());
  }

  /**
   * @param heard whether anything has come from any server since the last time
   * @param nowAwaited the servers that requests of clients wait for
   */
  void beat(boolean heard, Set<NodeId> nowAwaited) {
    long now = nanoClock.getAsLong();
    beatAt = now;
    if (!nowAwaited.isEmpty()) {
      awaitedAt = now;
      awaited = nowAwaited;
    }
    if (heard || now - awaitedAt > PAUSE_NANOS) {
      heardAt = now;
    }
    try {
      allocator.directBuffer(TRIED_BYTES).release();
      allocatedAt = now;
    } catch (OutOfMemoryError noMemory) {
      // Told once it lasts.
    }
  }

  /** Why the loop runs nothing. */
  String stalled(Duration limit) {
    return overdue("it has run nothing for ", beatAt, limit);
  }

  /** Why the loop cannot work although it runs. */
  String memoryless(Duration limit) {
    return overdue("it gets no memory, for ", allocatedAt, limit);
  }

  /**
   * Why the loop hears nothing of servers, although one that it waits for {@code answers} others.
   */
  String deaf(Duration limit, Predicate<NodeId> answers) {
    String silence = overdue("it hears nothing from servers, for ", heardAt, limit);
    Set<NodeId> answering = awaited.stream().filter(answers).collect(Collectors.toSet());
    return silence.isEmpty() || answering.isEmpty()
        ? ""
        : silence + ", though the probes do: " + answering;
  }

  private String overdue(String text, long since, Duration limit) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - since);
    return millis <= limit.toMillis() ? "" : text + millis + " ms";
  }
}
