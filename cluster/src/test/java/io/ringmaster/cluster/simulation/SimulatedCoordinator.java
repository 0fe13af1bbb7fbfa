package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.control.ConfigLog;
import io.ringmaster.cluster.control.Controller;
import io.ringmaster.cluster.control.ControllerSettings;
import io.ringmaster.cluster.control.DetectorSettings;
import io.ringmaster.cluster.control.FailureDetector;
import io.ringmaster.cluster.control.Host;
import io.ringmaster.cluster.control.Proposals;
import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.simulation.SimulatedGroup.Answer;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** A process that runs the controller under test. */
final class SimulatedCoordinator {

  private static final int WAIT_MILLIS = 1000 / FastScheduler.TIMES;
  private static final long ASK_EVERY = 30_000;

  private final SimulatedProcess process;
  private final Map<NodeId, SimulatedServer> servers;
  private final SimulatedGroup group;
  private final Scenario scenario;
  private final Hole hole;
  private final DoubleSupplier stalls;
  private Topology topology;
  private SimulatedBackends backends;
  private long suspected;
  private boolean known;
  private boolean leads;
  private long term;

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
    this.topology = new KnownShard(group.shard()).topology();
    this.backends = freshBackends();
  }

  SimulatedProcess process() {
    return process;
  }

  void start() {
    group.join(process, this::hear);
    leads = false;
    backends = freshBackends();
    BarrierSettings settings = new BarrierSettings(scenario.waitMillis(), 200, false);
    FastScheduler scheduler = new FastScheduler(process);
    LeaderPolicy policy =
        new LeaderPolicy(
            backends,
            scheduler,
            settings,
            SimulatedProxy.COUNTERS,
            new SimulatedStatus(process),
            Lease.ALWAYS,
            () -> topology);
    AdminLinks links = new SimulatedAdminLinks(process, servers, scenario.adminTimeout(), stalls);
    HollowControl hollow = new HollowControl(new Log(), links, servers, hole);
    new Controller(
            new Host(
                hollow.log(),
                hollow.links(),
                Greetings.USERS,
                policy,
                scheduler,
                new ControllerSettings(true, scenario.plans() ? 3_000 : 0, 100)))
        .start();
    DetectorSettings settling = new DetectorSettings(400, 2000, WAIT_MILLIS, 200);
    suspected = 0;
    new FailureDetector(
            backends, policy, scheduler, () -> hollow.watched(topology), settling, this::suspect)
        .start();
    ask();
  }

  private void suspect(Map<String, Long> found) {
    suspected = found.getOrDefault(shard().id(), 0L);
    group.ask(process, suspected, this::hear);
  }

  private SimulatedBackends freshBackends() {
    return new SimulatedBackends(
        process, servers, scenario, hole, (node, lane) -> Greetings.of(shard(), lane));
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

  private void ask() {
    group.ask(process, suspected, this::hear);
    process.after(ASK_EVERY, this::ask);
  }

  private void hear(Answer answer) {
    if (answer.term() >= term) {
      term = answer.term();
      leads = answer.leads();
    }
    if (answer.topology().epoch() >= topology.epoch()) {
      long before = shard().epoch();
      topology = answer.topology();
      known = answer.known();
      if (shard().epoch() != before) {
        shard().nodes().stream()
            .map(Node::id)
            .forEach(node -> backends.fence(node, "another epoch has begun"));
      }
    }
  }

  private final class Log implements ConfigLog {
    private final Proposals proposals = new Proposals();

    @Override
    public Topology topology() {
      return topology;
    }

    @Override
    public long term() {
      return leads ? term : 0;
    }

    @Override
    public void commit(TopologyChange change, String cause, Runnable ended) {
      if (process.world().isTraced()) {
        process.world().trace(process + ": proposes " + change + " as " + cause);
      }
      long number = proposals.next();
      long proposedIn = term();
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
          suspected,
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
    public void confirm(long wanted, Consumer<Boolean> then) {
      Once<Answer> once = new Once<>(answer -> then.accept(term() == wanted));
      group.ask(
          process,
          suspected,
          answer -> {
            hear(answer);
            once.accept(answer);
          });
      once.endAfter(process, scenario.replyTimeout(), () -> then.accept(false));
    }

    @Override
    public boolean isKnownEverywhere(long epoch, long millis) {
      long lease = scenario.lease() * FastScheduler.TIMES / 1000;
      return millis > lease / 100 * 101 + 1 || (topology.epoch() >= epoch && known);
    }

    @Override
    public boolean isKnownToMembers(long epoch) {
      return true;
    }

    /** Nothing rests on it but that clients see no failure. */
    @Override
    public boolean isDrained(Shard shard) {
      return known;
    }

    @Override
    public boolean isSuspected(Shard shard) {
      return group.isSuspected(shard.epoch());
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
