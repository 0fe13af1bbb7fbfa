package io.ringmaster.proxy;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The shards that no event loop of this process asks anything any more, as they are handed over.
 * Safe for all threads.
 */
final class Drains {

  private final int loops;
  private final Map<Integer, Map<String, Long>> byLoop = new HashMap<>();
  private Consumer<Map<String, Long>> listener = drained -> {};

  Drains(int loops) {
    this.loops = loops;
  }

  /** Tells from now on, and at once, which shards are drained, and since when they are held. */
  synchronized void listen(Consumer<Map<String, Long>> told) {
    listener = told;
    tell();
  }

  /** The shards that {@code loop} asks nothing any more. */
  synchronized void drained(int loop, Map<String, Long> shards) {
    byLoop.put(loop, shards);
    tell();
  }

  private void tell() {
    Map<String, Long> everywhere = new HashMap<>();
    if (byLoop.size() == loops) {
      everywhere.putAll(byLoop.values().iterator().next());
      byLoop.values().forEach(one -> everywhere.entrySet().retainAll(one.entrySet()));
    }
    listener.accept(everywhere);
  }
}
