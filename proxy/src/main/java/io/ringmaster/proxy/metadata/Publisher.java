package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hands each topology on to those who asked for them: in order, never an older one. */
final class Publisher {

  private final List<Consumer<Topology>> listeners = new ArrayList<>();
  private volatile MetadataState state = MetadataState.EMPTY;

  MetadataState state() {
    return state;
  }

  synchronized void publish(MetadataState next) {
    if (next.epoch() <= state.epoch()) {
      return;
    }
    state = next;
    next.topology().ifPresent(topology -> listeners.forEach(l -> l.accept(topology)));
    notifyAll();
  }

  synchronized void subscribe(Consumer<Topology> listener) {
    listeners.add(listener);
    state.topology().ifPresent(listener);
  }

  /** Waits until {@code epoch} has arrived; whether it has. */
  synchronized boolean await(long epoch, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (state.epoch() < epoch) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }
}
