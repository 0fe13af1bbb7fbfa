package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A process with one thread: it can be stopped for a while, can die, and has a clock of its own.
 */
final class SimulatedProcess {

  private final World world;
  private final String name;
  private final long clockOffset;
  private List<Runnable> missed = new ArrayList<>();
  private boolean running = true;
  private boolean paused;
  private int incarnation = 1;

  SimulatedProcess(World world, String name) {
    this.world = world;
    this.name = name;
    this.clockOffset = world.between(0, 3_600_000_000L);
  }

  World world() {
    return world;
  }

  boolean isRunning() {
    return running;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isWell() {
    return running && !paused;
  }

  /** Which of its lives this is, from 1. */
  int incarnation() {
    return incarnation;
  }

  /** Its clock, in milliseconds. */
  long millis() {
    return (world.now() + clockOffset) / 1000;
  }

  /** Does {@code task} now, or when it wakes. */
  void run(Runnable task) {
    if (paused) {
      missed.add(task);
    } else if (running) {
      task.run();
    }
  }

  /** Does {@code task} later, if it still lives then. */
  void after(long delayMicros, Runnable task) {
    int present = incarnation;
    world.after(
        delayMicros,
        () -> {
          if (incarnation == present) {
            run(task);
          }
        });
  }

  void pause() {
    paused = running;
  }

  /** Goes on; what came in meanwhile is looked at in any order. */
  void wake() {
    paused = false;
    List<Runnable> all = world.shuffled(missed);
    missed = new ArrayList<>();
    all.forEach(this::run);
  }

  void crash() {
    running = false;
    paused = false;
    missed = new ArrayList<>();
    incarnation++;
  }

  void restart() {
    running = true;
  }

  @Override
  public String toString() {
    return name;
  }
}
