package io.ringmaster.it;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks each coordinator for its topology again and again: it must never be older than before. */
final class EpochWatch implements AutoCloseable {

  private final CoordinatorFleet fleet;
  private final List<String> ids;
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<Thread> threads;

  EpochWatch(CoordinatorFleet fleet, List<String> ids) {
    this.fleet = fleet;
    this.ids = ids;
    this.threads = ids.stream().map(id -> Thread.ofVirtual().start(() -> watch(id))).toList();
  }

  private void watch(String id) {
    while (!stopping.get()) {
      long epoch = fleet.epoch(id);
      if (epoch < 0) {
        continue;
      }
      long before = seen.getOrDefault(id, 0L);
      if (epoch < before) {
        violations.add(id + " went back from epoch " + before + " to " + epoch);
      }
      seen.put(id, epoch);
    }
  }

  /** Whether all coordinators show what was acknowledged when this was called, or later. */
  boolean allHave(long epoch) {
    return ids.stream().allMatch(id -> seen.getOrDefault(id, 0L) >= epoch);
  }

  List<String> violations() {
    return List.copyOf(violations);
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
