package io.ringmaster.cluster.simulation;

import java.util.List;

/** Whoever keeps the shard going. */
interface Caretaker {

  /** Sets the shard up, and then looks after it. */
  void start();

  /** From now on things are done without need too. */
  void goRogue();

  /** From now on nothing is. */
  void calmDown();

  /** Makes a new leader, though there is no need. */
  void failOverNow();

  /** What is wrong with those who do it ends. */
  void heal();

  /** Something goes wrong with those who do it, for so many microseconds. */
  void trouble(long micros);

  /** {@code server} dies, and does not come back. */
  default void lose(SimulatedServer server) {}

  /** One of those who do it dies for good, if the others can do without. */
  default void loseOne() {}

  /** Whether {@code server} does not come back. */
  default boolean isGone(SimulatedServer server) {
    return false;
  }

  /** Whether the shard is whole. */
  boolean isSettled();

  SimulatedServer leader();

  long epoch();

  /** The last one that began without the leader before: it may have lost what that had alone. */
  default long abruptEpoch() {
    return epoch();
  }

  /** How many members are down or have not got back what they forgot. */
  long forgetful();

  /** Those who do it. */
  List<SimulatedProcess> processes();
}
