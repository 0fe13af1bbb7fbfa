package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Virtual time, the queue of what is still to happen, and the only source of chance. */
final class World {

  private record Event(long time, long order, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final RandomGenerator random;
  private final boolean traced;
  private final PriorityQueue<Event> events = new PriorityQueue<>(256);
  private final List<String> trace = new ArrayList<>();
  private long now;
  private long scheduled;
  private long numbers;

  World(long seed, boolean traced) {
    this.random = new SplittableRandom(seed);
    this.traced = traced;
  }

  /** Microseconds since the beginning. */
  long now() {
    return now;
  }

  /** One that nobody has had. */
  long number() {
    return ++numbers;
  }

  /** How many events there have been, at most. */
  long events() {
    return scheduled;
  }

  void at(long time, Runnable task) {
    events.add(new Event(Math.max(now, time), scheduled++, task));
  }

  void after(long delayMicros, Runnable task) {
    at(now + delayMicros, task);
  }

  void runUntil(long time) {
    Event next = events.peek();
    while (next != null && next.time() <= time) {
      events.remove();
      now = next.time();
      next.task().run();
      next = events.peek();
    }
    now = Math.max(now, time);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A number from {@code low} to {@code high}, both included. */
  long between(long low, long high) {
    return low + random.nextLong(high - low + 1);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  <T> List<T> shuffled(List<T> ordered) {
    List<T> copy = new ArrayList<>(ordered);
    for (int i = copy.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T other = copy.get(j);
      copy.set(j, copy.get(i));
      copy.set(i, other);
    }
    return copy;
  }

  boolean isTraced() {
    return traced;
  }

  void trace(String line) {
    trace.add("%10.3f ms  %s".formatted(now / 1000.0, line.replace('\u0001', '~')));
  }

  List<String> trace() {
    return trace;
  }
}
