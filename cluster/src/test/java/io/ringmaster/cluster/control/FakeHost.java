package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.Kept;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a controller works with: servers that answer at once, and a clock that a test sets. */
final class FakeHost {

  static final long PLAN_PAUSE_MILLIS = 10_000;

  static final NodeId A = new NodeId("h", 1);
  static final NodeId B = new NodeId("h", 2);
  static final NodeId C = new NodeId("h", 3);
  static final List<Node> NODES = List.of(Node.leader(A), Node.replica(B), Node.replica(C));

  /** A shard of three in epoch 5, led by A, and admitted in runs a, b and c. */
  static Shard three(ShardState state) {
    return new Shard("s1", 0, 1, NODES, 5, state, Map.of(A, "a", B, "b", C, "c"));
  }

  /** The same, where something is planned, or somebody has kept everything. */
  static Shard three(ShardState state, List<NodeId> planned, Optional<Kept> kept) {
    Shard shard = three(state);
    return new Shard(
        shard.id(),
        shard.index(),
        shard.weight(),
        shard.nodes(),
        shard.epoch(),
        shard.state(),
        shard.runs(),
        shard.seals(),
        planned,
        List.of(),
        kept,
        9);
  }

  private final FakeServers servers;
  private long millis;
  private boolean known = true;
  private boolean suspected;
  private boolean barriers;
  private boolean drained = true;
  private final List<TopologyChange> committed = new ArrayList<>();

  FakeHost(FakeServers servers) {
    this.servers = servers;
  }

  /** Time passes, and nothing happens meanwhile. */
  void pass(long more) {
    millis += more;
  }

  /** Whether all coordinators know of the newest topology. */
  void know(boolean everywhere) {
    known = everywhere;
  }

  /** Whether the coordinators have nothing in flight. */
  void drain(boolean everywhere) {
    drained = everywhere;
  }

  /** Barriers get no answer before. */
  void answerBarriers() {
    barriers = true;
  }

  /** Whether a majority suspects the leader. */
  void suspect(boolean failed) {
    suspected = failed;
  }

  /** What was committed; it changes nothing by itself. */
  List<TopologyChange> committed() {
    return committed;
  }

  Host of(Shard shard) {
    Scheduler scheduler = new StillScheduler();
    return new Host(
        new OneTerm(Topology.initial(List.of(shard))),
        servers,
        new EpochUsers("secret"),
        policy(scheduler),
        scheduler,
        new ControllerSettings(true, 0, PLAN_PAUSE_MILLIS));
  }

  private LeaderPolicy policy(Scheduler scheduler) {
    Barriers backends = new Barriers();
    return new LeaderPolicy(
        backends,
        scheduler,
        new BarrierSettings(1, 1, false),
        backends,
        backends,
        Lease.ALWAYS,
        () -> {
          throw new AssertionError("nothing is answered");
        });
  }

  private final class StillScheduler implements Scheduler {

    @Override
    public long micros() {
      return millis * 1000;
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {}

    @Override
    public void afterThis(Runnable task) {}
  }

  private final class OneTerm implements ConfigLog {
    private final Topology topology;

    OneTerm(Topology topology) {
      this.topology = topology;
    }

    @Override
    public Topology topology() {
      return topology;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public void commit(TopologyChange change, String cause, Runnable ended) {
      committed.add(change);
      ended.run();
    }

    @Override
    public Proposals proposals() {
      return new Proposals();
    }

    @Override
    public void confirm(long term, Consumer<Boolean> then) {
      then.accept(true);
    }

    @Override
    public boolean isKnownEverywhere(long epoch, long forMillis) {
      return known;
    }

    @Override
    public boolean isKnownToMembers(long epoch) {
      return known;
    }

    @Override
    public boolean isDrained(Shard shard) {
      return drained;
    }

    @Override
    public boolean isSuspected(Shard suspect) {
      return suspected;
    }
  }

  private final class Barriers extends QuietBackends {

    @Override
    public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {
      if (barriers) {
        servers.open(node).send(request, callback);
      }
    }
  }
}
