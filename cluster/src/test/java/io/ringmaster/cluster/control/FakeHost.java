package io.ringmaster.cluster.control;

import io.ringmaster.cluster.control.ControllerSettings.UncleanLeader;
import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.DurableNodes;
import io.ringmaster.cluster.topology.MarkerPosition;
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
import java.util.Set;
import java.util.function.Consumer;

/** What a controller works with: servers that answer at once, and a clock that a test sets. */
final class FakeHost {

  static final Marker MARKER = new Marker(15);

  static final NodeId A = new NodeId("h", 1);
  static final NodeId B = new NodeId("h", 2);
  static final NodeId C = new NodeId("h", 3);
  static final List<Node> NODES = List.of(Node.leader(A), Node.replica(B), Node.replica(C));

  /** A shard of three in epoch 5, led by A, and admitted in runs a, b and c. */
  static Shard three(ShardState state) {
    return new Shard("s1", 0, 1, NODES, 5, state, Map.of(A, "a", B, "b", C, "c"));
  }

  /** The same, where something is planned, or somebody has kept everything. */
  static Shard three(ShardState state, List<NodeId> planned, Optional<DurableNodes> kept) {
    Shard shard = three(state);
    return shard.with(
        shard.leadership().next().pending(planned).durable(kept).pauseEpoch(9).made());
  }

  private final FakeServers servers;
  private long millis;
  private boolean known = true;
  private boolean suspected;
  private boolean barriers;
  private boolean drained = true;
  private final List<TopologyChange> committed = new ArrayList<>();
  final List<String> causes = new ArrayList<>();
  final List<Long> durations = new ArrayList<>();
  long outOfSyncAfterMillis;
  UncleanLeader uncleanLeader = UncleanLeader.NEVER;
  MarkerPosition furthest = MarkerPosition.NONE;

  FakeHost(FakeServers servers) {
    this.servers = servers;
  }

  /** Time passes, and nothing happens meanwhile. */
  void pass(long more) {
    millis += more;
  }

  /** What {@code stage} decides in the course of so many milliseconds. */
  Optional<Stage.Step> after(long duration, Stage stage, Shard shard) {
    Optional<Stage.Step> step = stage.tick(shard);
    for (long passed = 0; passed < duration && step.isEmpty(); passed += 100) {
      pass(100);
      step = stage.tick(shard);
    }
    return step;
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
        MARKER,
        scheduler,
        new ControllerSettings(true, outOfSyncAfterMillis, uncleanLeader));
  }

  private LeaderPolicy policy(Scheduler scheduler) {
    Barriers backends = new Barriers();
    return new LeaderPolicy(
        backends,
        scheduler,
        new BarrierSettings(1, 1, false, MARKER),
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
    public Term term() {
      return new Term(1, 1);
    }

    @Override
    public void commit(TopologyChange change, String cause, long tookMillis, Runnable ended) {
      committed.add(change);
      causes.add(cause);
      durations.add(tookMillis);
      ended.run();
    }

    @Override
    public Proposals proposals() {
      return new Proposals();
    }

    @Override
    public void confirm(Term term, Consumer<Boolean> then) {
      then.accept(true);
    }

    /** One coordinator, which has reported just now. */
    @Override
    public Reports reports() {
      Shard shard = topology.shards().getFirst();
      Observations observations =
          new Observations(
              1,
              suspected ? Map.of(shard.id(), shard.epoch()) : Map.of(),
              drained ? Map.of(shard.id(), shard.pauseEpoch()) : Map.of(),
              Map.of(shard.id(), furthest),
              Map.of());
      Report report = new Report("c1", "i", known ? Long.MAX_VALUE : 0, 1000, observations);
      return Reports.NONE.heard(report, millis);
    }

    @Override
    public Set<String> members() {
      return Set.of("c1");
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
