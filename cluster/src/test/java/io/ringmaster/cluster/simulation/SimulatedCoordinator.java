package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.control.ConfigLog;
import io.ringmaster.cluster.control.Controller;
import io.ringmaster.cluster.control.ControllerSettings;
import io.ringmaster.cluster.control.ControllerSettings.UncleanLeader;
import io.ringmaster.cluster.control.DetectorSettings;
import io.ringmaster.cluster.control.FailureDetector;
import io.ringmaster.cluster.control.Host;
import io.ringmaster.cluster.control.Proposals;
import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.simulation.ConfigLog.Heartbeat;
import io.ringmaster.cluster.simulation.SimulatedGroup.Answer;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** A process that runs the controller under test. */
final class SimulatedCoordinator {

  private static final int WAIT_MILLIS = 1000;
  private static final long ASK_EVERY = 30_000;

  private final SimulatedProcess process;
  private final Map<NodeId, SimulatedServer> servers;
  private final SimulatedGroup group;
  private final Scenario scenario;
  private final Hole hole;
  private final DoubleSupplier stalls;
  private Topology topology;
  private SimulatedBackends backends;
  private Observations observations = Observations.NONE;
  private Reports reports = Reports.NONE;
  private final Map<String, Long> heardOf = new HashMap<>();
  private boolean leads;
  private long term;
  // The last hand-over that it has said it knows of.
  private long toldOf;

  SimulatedCoordinator(
      SimulatedProcess process,
      Map<NodeId, SimulatedServer> servers,
      SimulatedGroup group,
      Scenario scenario,
      Hole hole,
      DoubleSupplier stalls) {
    this.process = process;
    this.servers = servers;
    this.group = group;
    this.scenario = scenario;
    this.hole = hole;
    this.stalls = stalls;
    this.topology = group.topology();
    this.backends = freshBackends();
  }

  SimulatedProcess process() {
    return process;
  }

  void start() {
    group.join(process, this::hear);
    leads = false;
    // What it reads of the log anew has happened just now, as far as it knows.
    heardOf.clear();
    reports = Reports.NONE;
    observations = Observations.NONE;
    backends = freshBackends();
    FastScheduler scheduler = new FastScheduler(process);
    LeaderPolicy policy = policy(scheduler);
    AdminLinks links = new SimulatedAdminLinks(process, servers, scenario.adminTimeout(), stalls);
    HollowControl hollow = new HollowControl(new Log(), links, servers, hole);
    new Controller(
            new Host(
                hollow.log(),
                hollow.links(),
                Greetings.USERS,
                policy,
                SimulatedServer.MARKER,
                scheduler,
                new ControllerSettings(true, scenario.excludes() ? 3_000 : 0, UncleanLeader.NEVER)))
        .start();
    DetectorSettings settling = new DetectorSettings(400, 2000, WAIT_MILLIS, 200);
    new FailureDetector(
            backends, policy, scheduler, () -> hollow.watched(topology), settling, this::suspect)
        .start();
    ask();
  }

  private LeaderPolicy policy(FastScheduler scheduler) {
    BarrierSettings settings =
        new BarrierSettings(
            scenario.waitMillis() * FastScheduler.TIMES, 200, false, SimulatedServer.MARKER);
    return new LeaderPolicy(
        hole == Hole.LAST_MARKER_ANYWHERE
            ? new HollowBackends(backends, hole, this::shard)
            : backends,
        scheduler,
        settings,
        SimulatedProxy.COUNTERS,
        new SimulatedStatus(process),
        Lease.ALWAYS,
        () -> topology);
  }

  private void suspect(Map<String, Long> found) {
    if (hole == Hole.NO_DETECTOR) {
      return;
    }
    observations = observations.withSuspects(found);
    group.ask(process, report(), this::hear);
  }

  private SimulatedBackends freshBackends() {
    return new SimulatedBackends(
        process,
        servers,
        scenario,
        hole,
        (node, lane) -> Greetings.of(shard(), lane),
        FastScheduler.TIMES);
  }

  void crash(SimulatedNetwork network) {
    process.crash();
    network.died(process);
  }

  void restart() {
    process.restart();
    start();
  }

  private Shard shard() {
    return topology.shards().getFirst();
  }

  /** Whatever it says it says with all it knows; nobody asks the leader anything by it. */
  private Report report() {
    Shard shard = shard();
    boolean held = shard.state() == ShardState.PAUSED;
    observations =
        observations.withDrained(held ? Map.of(shard.id(), shard.pauseEpoch()) : Map.of());
    long lease = FastScheduler.millis(scenario.lease());
    String instance = process + " " + process.incarnation();
    return new Report("" + process, instance, topology.epoch(), lease, observations);
  }

  private void ask() {
    group.ask(process, report(), this::hear);
    process.after(ASK_EVERY, this::ask);
  }

  private void hear(Answer answer) {
    if (answer.term() >= term) {
      term = answer.term();
      leads = answer.leads();
    }
    for (Heartbeat heartbeat : answer.heartbeats()) {
      Report report = heartbeat.report();
      if (heartbeat.index() > heardOf.getOrDefault(report.by(), 0L)) {
        heardOf.put(report.by(), heartbeat.index());
        reports = reports.heard(hollow(report), new FastScheduler(process).millis());
      }
    }
    if (answer.topology().epoch() >= topology.epoch()) {
      long before = shard().epoch();
      topology = answer.topology();
      if (shard().epoch() != before) {
        shard().nodes().stream()
            .map(Node::id)
            .forEach(node -> backends.fence(node, "another epoch has begun"));
      }
      if (shard().state() == ShardState.PAUSED && shard().pauseEpoch() > toldOf) {
        // Others wait until that is known here.
        toldOf = shard().pauseEpoch();
        group.ask(process, report(), this::hear);
      }
    }
  }

  private Report hollow(Report report) {
    long lease =
        switch (hole) {
          case EVERYBODY_EVER -> Integer.MAX_VALUE;
          case OWN_LEASE -> FastScheduler.millis(scenario.lease());
          default -> report.leaseMillis();
        };
    return new Report(report.by(), report.instance(), report.epoch(), lease, report.observations());
  }

  private final class Log implements ConfigLog {
    private final Proposals proposals = new Proposals();

    @Override
    public Topology topology() {
      return topology;
    }

    @Override
    public Term term() {
      return leads ? new Term(1, term) : Term.NONE;
    }

    @Override
    public void commit(TopologyChange change, String cause, long tookMillis, Runnable ended) {
      if (process.world().isTraced()) {
        process.world().trace(process + ": proposes " + change + " as " + cause);
      }
      long number = proposals.next();
      Term proposedIn = term();
      Once<Answer> once =
          new Once<>(
              answer -> {
                if (answer.leads()) {
                  proposals.made(number, proposedIn, term());
                }
                ended.run();
              });
      group.propose(
          process,
          report(),
          change,
          answer -> {
            hear(answer);
            once.accept(answer);
          });
      once.endAfter(process, scenario.replyTimeout(), ended);
    }

    @Override
    public Proposals proposals() {
      return proposals;
    }

    @Override
    public void confirm(Term wanted, Consumer<Boolean> then) {
      Once<Answer> once = new Once<>(answer -> then.accept(term().equals(wanted)));
      group.ask(
          process,
          report(),
          answer -> {
            hear(answer);
            once.accept(answer);
          });
      once.endAfter(process, scenario.replyTimeout(), () -> then.accept(false));
    }

    @Override
    public Reports reports() {
      return reports;
    }

    @Override
    public Set<String> members() {
      return group.members();
    }
  }

  /** Hears of one end, be it an answer or the end of patience. */
  private static final class Once<T> {
    private final Consumer<T> then;
    private boolean ended;

    Once(Consumer<T> then) {
      this.then = then;
    }

    void accept(T answer) {
      if (!ended) {
        ended = true;
        then.accept(answer);
      }
    }

    void endAfter(SimulatedProcess process, long micros, Runnable instead) {
      process.after(
          micros,
          () -> {
            if (!ended) {
              ended = true;
              instead.run();
            }
          });
    }
  }
}
