package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks which shards that are handed over have nothing in flight any more between them and one
 * event loop. Belongs to that loop.
 */
public final class DrainWatch {

  private static final int LOOK_AGAIN_MILLIS = 1;

  private final Scheduler scheduler;
  private final Predicate<Shard> busy;
  private final Consumer<Map<String, Long>> drained;
  private Topology topology;
  private Map<String, Long> idle = Map.of();
  private boolean looking;

  /**
   * @param busy whether anything is in flight between this loop and a shard
   * @param drained is told which shards are drained here, and since when each is held, whenever
   *     that changes
   */
  public DrainWatch(
      Topology topology,
      Scheduler scheduler,
      Predicate<Shard> busy,
      Consumer<Map<String, Long>> drained) {
    this.topology = topology;
    this.scheduler = scheduler;
    this.busy = busy;
    this.drained = drained;
  }

  /** From now on {@code next} counts. */
  public void follow(Topology next) {
    topology = next;
    look();
  }

  private void look() {
    Map<String, Long> found = new HashMap<>();
    boolean isBusy = false;
    for (Shard shard : topology.shards()) {
      if (shard.state() == ShardState.PAUSED) {
        if (busy.test(shard)) {
          isBusy = true;
        } else {
          found.put(shard.id(), shard.pauseEpoch());
        }
      }
    }
    if (!found.equals(idle)) {
      idle = Map.copyOf(found);
      drained.accept(idle);
    }
    if (isBusy && !looking) {
      looking = true;
      scheduler.schedule(LOOK_AGAIN_MILLIS, this::lookAgain);
    }
  }

  private void lookAgain() {
    looking = false;
    look();
  }
}
