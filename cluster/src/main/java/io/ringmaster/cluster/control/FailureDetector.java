package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.ReplicaCounter;
import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks whether the leaders of the shards still execute writes, on every coordinator, be it the
 * leader of the config group or not: one alone may be cut off, so only what a majority finds
 * counts. It raises the marker of each leader's epoch again and again, since a server whose disk
 * hangs still answers what it can answer from memory, and waits until as many replicas hold it as a
 * usual write needs, since a leader that cannot reach them is as good as none. Belongs to one event
 * loop.
 */
public final class FailureDetector {

  private static final int FAILURES = 3;

  private final ReplicaCounter replicas;
  private final Scheduler scheduler;
  private final Supplier<Topology> topology;
  private final DetectorSettings settings;
  private final Consumer<Map<String, Long>> changed;
  private final Map<String, Watch> watches = new HashMap<>();
  private Map<String, Long> suspected = Map.of();
  private long lastTick;
  private boolean stopped;

  /**
   * @param backends that {@code replicas} uses
   * @param changed is told which leaders seem to have failed, whenever that changes: the epoch of
   *     each such shard by its id
   */
  public FailureDetector(
      Backends backends,
      ReplicaCounter replicas,
      Scheduler scheduler,
      Supplier<Topology> topology,
      DetectorSettings settings,
      Consumer<Map<String, Long>> changed) {
    this.replicas = replicas;
    this.scheduler = scheduler;
    this.topology = topology;
    this.settings = settings;
    this.changed = changed;
    backends.onLoss((node, lane, reason) -> lost(node));
  }

  /** A connection may be lost for many reasons, so it is asked, but at once. */
  private void lost(NodeId node) {
    for (Watch watch : watches.values()) {
      if (watch.shard.leader().id().equals(node)) {
        watch.askAt = scheduler.millis();
      }
    }
  }

  /** Looks after the leaders from now on. */
  public void start() {
    lastTick = scheduler.millis();
    tick();
  }

  /** Looks no more. */
  public void stop() {
    stopped = true;
  }

  private void tick() {
    if (stopped) {
      return;
    }
    scheduler.schedule(Timing.DETECTOR_TICK, this::tick);
    long now = scheduler.millis();
    if (now - lastTick > Timing.DETECTOR_TICK + settings.stallMillis()) {
      // Whoever stood still itself has seen nothing of the others.
      watches.clear();
    }
    lastTick = now;
    Map<String, Long> found = new HashMap<>();
    for (Shard shard : topology.get().shards()) {
      if (isWatched(shard) && watch(shard).tick(now)) {
        found.put(shard.id(), shard.epoch());
      }
    }
    if (!found.equals(suspected)) {
      suspected = Map.copyOf(found);
      changed.accept(suspected);
    }
  }

  /** Whether there is nobody who could lead instead. */
  private static boolean isWatched(Shard shard) {
    return shard.isServing() && shard.nodes().size() > 1;
  }

  private Watch watch(Shard shard) {
    Watch watch = watches.get(shard.id());
    if (watch == null || watch.shard.epoch() != shard.epoch()) {
      watch = new Watch(shard);
      watches.put(shard.id(), watch);
    }
    return watch;
  }

  /** The findings on one leader in one epoch. */
  private final class Watch implements ReplicaListener {
    private final Shard shard;
    private boolean asked;
    private long askAt;
    // Since when it owes an answer, if it owes one.
    private long since;
    private int failures;
    private boolean owes;

    Watch(Shard shard) {
      this.shard = shard;
    }

    /** Asks if it is time to; whether the leader seems to have failed. */
    boolean tick(long now) {
      if (!asked && now >= askAt) {
        asked = true;
        if (!owes) {
          owes = true;
          since = now;
        }
        replicas.countReplicas(
            shard, wanted(), settings.silentMillis(), settings.waitMillis(), this);
      }
      long owed = owes ? now - since : 0;
      boolean refused = failures >= FAILURES && owed >= settings.refusedMillis();
      return refused || owed >= settings.silentMillis();
    }

    /** Returns how many nodes besides the leader a write at the usual level is on. */
    private int wanted() {
      return shard.writeQuorum(WriteLevel.DEFAULT) - 1;
    }

    @Override
    public void counted(int replicas) {
      asked = false;
      if (replicas < wanted()) {
        return;
      }
      owes = false;
      failures = 0;
      askAt = scheduler.millis() + Timing.LEADER_PROBE;
    }

    @Override
    public void failed(String reason) {
      asked = false;
      failures++;
    }

    @Override
    public boolean isWanted() {
      return watches.get(shard.id()) == this;
    }
  }
}
