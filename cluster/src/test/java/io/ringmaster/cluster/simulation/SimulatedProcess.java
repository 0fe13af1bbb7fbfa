package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.Clock.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * A process with one thread: it can be stopped for a while, can die, and has clocks of its own. No
 * two of them differ in their rate by more than one in a hundred.
 */
final class SimulatedProcess {

  private final World world;
  private final String name;
  private final long clockOffset;
  private final double clockRate;
  private List<Runnable> missed = new ArrayList<>();
  private boolean running = true;
  private boolean paused;
  private int incarnation = 1;
  private long wallOffset;
  private long stoodStill;
  private long wallStoodStill;
  private boolean frozen;
  private long suspendedAt;
  private boolean suspended;

  SimulatedProcess(World world, String name) {
    this.world = world;
    this.name = name;
    this.clockOffset = world.between(0, 3_600_000_000L);
    this.clockRate = 1 + world.between(-5_000, 5_000) / 1e6;
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

  /** What its clocks show. */
  Moment moment() {
    long nanos = (long) ((world.now() - stoodStill) * clockRate * 1000) + clockOffset * 1000;
    long wall = (long) ((world.now() - wallStoodStill) * clockRate / 1000);
    return new Moment(nanos, wall + wallOffset);
  }

  /** Somebody sets the time of day. */
  void setClock(long byMillis) {
    wallOffset += byMillis;
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

  /** Stops with the whole machine: the clock that never goes back stands still too. */
  void suspend() {
    pause();
    suspended = paused;
    suspendedAt = world.now();
  }

  /** The same, but when it goes on, no clock shows that time has passed. */
  void freeze() {
    suspend();
    frozen = suspended;
  }

  /** Goes on; what came in meanwhile is looked at in any order. */
  void wake() {
    paused = false;
    endSuspend();
    List<Runnable> all = world.shuffled(missed);
    missed = new ArrayList<>();
    all.forEach(this::run);
  }

  private void endSuspend() {
    if (suspended) {
      suspended = false;
      stoodStill += world.now() - suspendedAt;
      wallStoodStill += frozen ? world.now() - suspendedAt : 0;
      frozen = false;
    }
  }

  void crash() {
    running = false;
    paused = false;
    endSuspend();
    missed = new ArrayList<>();
    incarnation++;
  }

  void restart() {
    if (running) {
      throw new IllegalStateException(name + " was restarted twice");
    }
    running = true;
  }

  @Override
  public String toString() {
    return name;
  }
}
