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

  /** Whether the shard is whole. */
  boolean isSettled();

  SimulatedServer leader();

  long epoch();

  /** How many members are down or have not got back what they forgot. */
  long forgetful();

  /** Those who do it. */
  List<SimulatedProcess> processes();
}
