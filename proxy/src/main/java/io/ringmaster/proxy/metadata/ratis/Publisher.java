package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.log.MetadataState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Hands each topology on to those who asked for them: in order, never an older one. */
final class Publisher {

  private final List<Consumer<Topology>> listeners = new ArrayList<>();
  private final Runnable told;
  private volatile MetadataState state = MetadataState.EMPTY;
  private long applied = -1;
  private boolean ended;

  /** {@code told} runs when all have been given a topology. */
  Publisher(Runnable told) {
    this.told = told;
  }

  MetadataState state() {
    return state;
  }

  /** What is true after the log entry {@code index}. */
  synchronized void publish(MetadataState next, long index) {
    if (index > applied && next.epoch() >= state.epoch()) {
      boolean changed = next.epoch() > state.epoch();
      state = next;
      if (changed) {
        next.topology().ifPresent(topology -> listeners.forEach(l -> l.accept(topology)));
        told.run();
      }
    }
    applied = Math.max(applied, index);
    notifyAll();
  }

  /** The epoch that all listeners have been given. */
  synchronized long published() {
    return state.epoch();
  }

  synchronized void subscribe(Consumer<Topology> listener) {
    listeners.add(listener);
    state.topology().ifPresent(listener);
  }

  /** Nothing is published any more, so that nobody waits for it. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits until the log entry {@code index} has been applied; whether it has. */
  synchronized boolean awaitApplied(long index, Deadline deadline) throws InterruptedException {
    while (applied < index) {
      if (ended || deadline.isOver()) {
        return false;
      }
      wait(deadline.millis());
    }
    return true;
  }
}
