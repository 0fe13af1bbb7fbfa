package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run: everything in it follows from the seed. */
final class Simulation {

  private static final long SECOND = 1_000_000;
  private static final long LATEST = 60 * SECOND;

  private final long seed;
  private final World world;
  private final Scenario scenario;
  private final Map<NodeId, SimulatedServer> servers = new LinkedHashMap<>();
  private final List<SimulatedProxy> proxies = new ArrayList<>();
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final History history = new History();
  private final Caretaker operator;
  private final Faults faults;

  private Simulation(long seed, Hole hole, @Nullable Mood mood, boolean traced) {
    this.seed = seed;
    this.world = new World(seed, traced);
    this.scenario = mood == null ? Scenario.of(world, hole) : Scenario.of(world, hole, mood);
    boolean operated = scenario.mood() != Mood.COORDINATORS;
    SimulatedNetwork network =
        new SimulatedNetwork(world, scenario.longDelays(), scenario.longestDelay());
    network.lagBehind(scenario.lag());
    makeServers(network, hole, operated);
    List<NodeId> nodes = List.copyOf(servers.keySet());
    // Of a shard that may grow, a part; the others come later.
    boolean grows = scenario.plans() && hole != Hole.SHRINK_BEFORE_DETACH && world.chance(0.5);
    int begins = grows ? nodes.size() / 2 + 1 : nodes.size();
    NodeId[] replicas = nodes.subList(1, begins).toArray(NodeId[]::new);
    Shard first = Shard.of("s1", nodes.getFirst(), replicas);
    Shard shard = operated ? first : first.asNew();
    ConfigLog log = new ConfigLog(network, KnownTopology.of(1, shard), scenario.lease());
    makeProxies(log, hole);
    this.operator =
        operated
            ? new Operator(network, servers, shard, proxies, log, scenario, hole)
            : new Coordinators(
                network,
                servers,
                new SimulatedGroup(network, log, proxies, scenario),
                proxies,
                scenario,
                hole);
    this.faults =
        new Faults(network, List.copyOf(servers.values()), proxies, log, operator, scenario);
  }

  private void makeServers(SimulatedNetwork network, Hole hole, boolean operated) {
    ServerConfiguration configuration =
        operated
            ? ServerConfiguration.FENCED
            : ServerConfiguration.withoutFence(world, hole, scenario.stops());
    for (int i = 1; i <= scenario.members(); i++) {
      NodeId node = new NodeId("redis", i);
      servers.put(
          node,
          operated
              ? new SimulatedServer(network, node, servers, hole)
              : new SimulatedServer(network, node, servers, configuration));
    }
    if (scenario.old()) {
      servers.values().forEach(SimulatedServer::waitForAll);
    }
  }

  private void makeProxies(ConfigLog log, Hole hole) {
    for (int i = 1; i <= scenario.proxies(); i++) {
      SimulatedProxy proxy = new SimulatedProxy(world, "proxy " + i, servers, log, scenario, hole);
      proxies.add(proxy);
      for (int j = 0; j < scenario.clients(); j++) {
        int number = clients.size() + 1;
        clients.add(new SimulatedClient(world, proxy, scenario, history, number));
      }
    }
  }

  static Verdict run(long seed, Hole hole) {
    return new Simulation(seed, hole, null, false).run();
  }

  /** The same in one mood. */
  static Verdict run(long seed, Hole hole, Mood mood) {
    return new Simulation(seed, hole, mood, false).run();
  }

  /** The same run, with everything written down that happens. */
  static Verdict trace(long seed, Hole hole) {
    return new Simulation(seed, hole, null, true).run();
  }

  /** The same in one mood. */
  static Verdict trace(long seed, Hole hole, Mood mood) {
    return new Simulation(seed, hole, mood, true).run();
  }

  private Verdict run() {
    if (world.isTraced()) {
      world.trace(scenario.toString());
    }
    operator.start();
    proxies.forEach(SimulatedProxy::start);
    settle();
    clients.forEach(SimulatedClient::start);
    operator.goRogue();
    faults.start();
    while (!SimulatedClient.allDone(clients) && world.now() < LATEST) {
      world.runUntil(world.now() + 10_000);
    }
    faults.heal();
    operator.calmDown();
    boolean healed = settle();
    long abruptEpoch = operator.abruptEpoch();
    if (!scenario.calm()) {
      operator.failOverNow();
    }
    boolean settled = settle() && healed;
    List<String> violations =
        new ArrayList<>(
            history.violations(
                operator.leader().database(), abruptEpoch, world.now(), !scenario.freezes()));
    if (!SimulatedClient.allDone(clients)) {
      violations.add("a client got no answer");
    }
    return new Verdict(
        seed,
        scenario,
        violations,
        settled,
        history.count(Fate.DONE),
        history.size(),
        operator.epoch(),
        world.events(),
        world.trace());
  }

  private boolean settle() {
    // Where many messages are late, a hand-over is given up and tried again many times.
    long limit = world.now() + (scenario.plans() ? 30 : 10) * SECOND;
    while (!operator.isSettled() && world.now() < limit) {
      world.runUntil(world.now() + 5_000);
    }
    return operator.isSettled();
  }
}
