package io.ringmaster.proxy.verify;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.health.ProbeSettings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Compares the nodes of shards, each shard on a virtual thread of its own, and keeps what the last
 * comparison of each has found. Safe for all threads; nothing blocks but {@link #close}.
 */
public final class Verifier implements AutoCloseable {

  private final Supplier<Topology> topology;
  private final ProbeSettings settings;
  private final int keysPerSecond;
  private final Map<String, ShardRun> runs = new ConcurrentHashMap<>();
  private final ExecutorService running = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param settings how servers are reached
   * @param keysPerSecond how many keys of each leader are looked at
   */
  public Verifier(Supplier<Topology> topology, ProbeSettings settings, int keysPerSecond) {
    this.topology = topology;
    this.settings = settings;
    this.keysPerSecond = keysPerSecond;
  }

  /** Begins to compare if that was never done, or if it has ended and is wanted again. */
  public void start(Shard shard, boolean again) {
    runs.compute(
        shard.id(),
        (id, before) -> before != null && (before.isRunning() || !again) ? before : started(shard));
  }

  private ShardRun started(Shard shard) {
    ShardRun run = new ShardRun(shard, topology, settings, keysPerSecond);
    running.execute(run);
    return run;
  }

  /** Ends what goes on; what was found is kept. */
  public void stop(Shard shard) {
    ShardRun run = runs.get(shard.id());
    if (run != null) {
      run.stop();
    }
  }

  /** Returns the progress of the shard's comparison; empty if it has never begun. */
  public Optional<Progress> progress(Shard shard) {
    return Optional.ofNullable(runs.get(shard.id())).map(ShardRun::progress);
  }

  /** Ends everything; returns when the last has ended. */
  @Override
  public void close() {
    runs.values().forEach(ShardRun::stop);
    running.shutdownNow();
    running.close();
  }
}
