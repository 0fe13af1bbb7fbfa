package io.ringmaster.cluster.simulation;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** One direction of a connection: what is sent arrives in order, each message after its delay. */
final class Pipe<M> {

  private final SimulatedNetwork network;
  private final SimulatedProcess from;
  private final SimulatedProcess to;
  private final ArrayDeque<M> flying = new ArrayDeque<>();
  private final ArrayDeque<M> arrived = new ArrayDeque<>();
  private Consumer<M> receiver = message -> {};
  private Runnable ended = () -> {};
  private long lastArrival;
  private long lag;
  private boolean ending;
  private boolean cut;

  Pipe(SimulatedNetwork network, SimulatedProcess from, SimulatedProcess to) {
    this.network = network;
    this.from = from;
    this.to = to;
  }

  void receive(Consumer<M> newReceiver, Runnable newEnded) {
    receiver = newReceiver;
    ended = newEnded;
  }

  void send(M message) {
    if (!cut && !ending) {
      flying.add(message);
      scheduleArrival(lag + network.delay());
    }
  }

  /** Nothing more is sent; the receiver hears of it behind all that was. */
  void end(long delayMicros) {
    if (!cut && !ending) {
      ending = true;
      scheduleArrival(delayMicros);
    }
  }

  /** Nothing arrives any more. */
  void cut() {
    cut = true;
    flying.clear();
    arrived.clear();
  }

  /** Loses the last of what is on its way. */
  void loseSome(World world) {
    int kept = world.below(flying.size() + 1);
    while (flying.size() > kept) {
      flying.removeLast();
    }
  }

  /** So much longer takes everything that is sent from now on. */
  void slowDown(long micros) {
    lag = micros;
  }

  /** Holds back what is sent from now on. */
  void stall(long micros) {
    lastArrival = Math.max(lastArrival, network.world().now()) + micros;
  }

  private void scheduleArrival(long delay) {
    lastArrival = Math.max(lastArrival, network.world().now() + delay);
    network.world().at(lastArrival, this::arrive);
  }

  private void arrive() {
    if (cut) {
      return;
    }
    if (network.isBlocked(from, to)) {
      network.world().after(network.retransmission(), this::arrive);
      return;
    }
    M message = flying.poll();
    if (message != null) {
      arrived.add(message);
    }
    to.run(this::handle);
  }

  private void handle() {
    if (cut) {
      return;
    }
    M message = arrived.poll();
    if (message != null) {
      receiver.accept(message);
    } else if (ending) {
      cut = true;
      ended.run();
    }
  }
}
