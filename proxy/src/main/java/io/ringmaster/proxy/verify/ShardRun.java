package io.ringmaster.proxy.verify;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.health.ProbeSettings;
import io.ringmaster.proxy.verify.Progress.State;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A comparison of a shard's nodes, from its beginning to its end. */
final class ShardRun implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardRun.class);

  private final Shard shard;
  private final Supplier<Topology> topology;
  private final ProbeSettings settings;
  private final Pace pace;
  private final List<Tally> tallies;
  private final Instant since = Instant.now();
  private State state = State.RUNNING;
  private String reason = "";
  private @Nullable Instant until;
  private long keys;
  private long total;

  ShardRun(Shard shard, Supplier<Topology> topology, ProbeSettings settings, int keysPerSecond) {
    this.shard = shard;
    this.topology = topology;
    this.settings = settings;
    this.pace = new Pace(keysPerSecond, this::requireUnchanged);
    this.tallies = shard.replicas().stream().map(replica -> new Tally(replica.id())).toList();
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  void stop() {
    pace.stop();
  }

  @Override
  public void run() {
    LOG.info("shard {} epoch {}: comparing its nodes", shard.id(), shard.epoch());
    ClientResources resources =
        DefaultClientResources.builder().ioThreadPoolSize(1).computationThreadPoolSize(2).build();
    try {
      run(resources);
      end(State.FINISHED, "");
    } catch (CancellationException stopped) {
      end(State.STOPPED, "");
    } catch (RuntimeException failure) {
      // Whoever is interrupted while it waits for a server was stopped, too.
      boolean stopped = pace.isStopped();
      end(stopped ? State.STOPPED : State.FAILED, stopped ? "" : "" + failure.getMessage());
    } finally {
      resources.shutdown();
    }
    report(progress());
  }

  /** Names of keys are for those who ask, not for the log. */
  private static void report(Progress end) {
    LOG.info(
        "shard {} epoch {}: comparing its nodes is {} {} after {} keys",
        end.shard(),
        end.epoch(),
        end.state(),
        end.reason(),
        end.keys());
    for (Progress.Replica replica : end.replicas()) {
      if (replica.differences() > 0) {
        LOG.warn(
            "shard {} epoch {}: node {} differs from its leader {} in {} keys, see KV.VERIFY",
            end.shard(),
            end.epoch(),
            replica.node(),
            end.leader(),
            replica.differences());
      }
    }
  }

  private void run(ClientResources resources) {
    Map<Tally, Server> replicas = new HashMap<>();
    try (Server leader = Server.connect(shard.leader().id(), settings, resources)) {
      Map<Tally, Comparison> comparisons = new HashMap<>();
      for (Tally tally : tallies) {
        attempt(
            tally,
            () -> {
              Server replica = Server.connect(tally.node(), settings, resources);
              replicas.put(tally, replica);
              comparisons.put(tally, new Comparison(leader, replica, pace, tally));
            });
      }
      compare(leader, comparisons);
      comparisons.forEach((tally, comparison) -> attempt(tally, comparison::compareOwn));
    } finally {
      replicas.values().forEach(Server::close);
    }
  }

  private void compare(Server leader, Map<Tally, Comparison> comparisons) {
    Map<Integer, Long> databases = leader.databases();
    expect(databases.values().stream().mapToLong(Long::longValue).sum());
    KeyLook look = new KeyLook();
    for (int database : databases.keySet()) {
      leader.select(database);
      Comparison.scan(
          leader,
          names -> {
            pace.await(names.size());
            List<Fingerprint> seen = look.at(leader, names);
            comparisons.forEach(
                (tally, comparison) ->
                    attempt(tally, () -> comparison.compare(database, names, seen)));
            looked(names.size());
          });
    }
  }

  /** Runs a step; a failure at one replica does not concern the others. */
  private void attempt(Tally tally, Runnable step) {
    if (!tally.isRunning()) {
      return;
    }
    try {
      step.run();
    } catch (ServerFailure failure) {
      if (!failure.node().equals(tally.node())) {
        throw failure;
      }
      tally.end(State.FAILED, "" + failure.getMessage());
    }
  }

  private void requireUnchanged() {
    boolean same =
        topology
            .get()
            .shard(shard.id())
            .filter(now -> now.isServing() && now.epoch() == shard.epoch())
            .isPresent();
    if (!same) {
      throw new IllegalStateException("the shard has no leader, or other nodes than before");
    }
  }

  private synchronized void expect(long expected) {
    total = expected;
  }

  private synchronized void looked(long more) {
    keys += more;
  }

  private synchronized void end(State end, String why) {
    tallies.forEach(tally -> tally.end(end, why));
    state = end;
    reason = why;
    until = Instant.now();
  }

  synchronized Progress progress() {
    Instant end = until;
    return new Progress(
        shard.id(),
        shard.epoch(),
        shard.leader().id(),
        state,
        reason,
        since,
        end == null ? Instant.now() : end,
        keys,
        total,
        tallies.stream().map(Tally::progress).toList());
  }
}
