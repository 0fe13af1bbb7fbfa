package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One event loop of a proxy: the policy under test, with connections of its own. */
final class SimulatedLoop {

  private final Map<NodeId, SimulatedServer> servers;
  private final Scenario scenario;
  private final Hole hole;
  private final KnownTopology known;
  private final SimulatedBackends backends;
  private final LeaderPolicy policy;

  /**
   * @param known what the loop knows at first
   * @param newest what the process knows by now
   */
  SimulatedLoop(
      SimulatedProcess process,
      Map<NodeId, SimulatedServer> servers,
      Scenario scenario,
      Hole hole,
      Lease lease,
      Topology known,
      Supplier<Topology> newest) {
    this.servers = servers;
    this.scenario = scenario;
    this.hole = hole;
    this.known = new KnownTopology(known);
    this.backends = new SimulatedBackends(process, servers, scenario, hole, this::greeting);
    Backends used =
        HollowBackends.isConcernedBy(hole)
            ? new HollowBackends(backends, hole, this::shard)
            : backends;
    BarrierSettings settings =
        new BarrierSettings(
            scenario.waitMillis(),
            scenario.deadlineMillis(),
            scenario.mood() != Mood.COORDINATORS,
            SimulatedServer.MARKER);
    this.policy =
        new LeaderPolicy(
            used,
            new SimulatedScheduler(process),
            settings,
            SimulatedProxy.COUNTERS,
            new SimulatedStatus(process),
            lease,
            newest);
  }

  /** Servers know an operator's proxies by one name for ever, coordinators' by their epoch. */
  private Words greeting(NodeId node, Lane lane) {
    return scenario.mood() == Mood.COORDINATORS
        ? Greetings.of(shard(), lane)
        : Words.reading("HELLO", SimulatedProxy.USER);
  }

  Shard shard() {
    Shard shard = known.shard();
    return hole == Hole.SHRUNKEN_MAJORITY ? shrunken(shard) : shard;
  }

  private static Shard shrunken(Shard shard) {
    List<Node> nodes =
        shard.nodes().stream().filter(node -> !shard.outOfSync().contains(node.id())).toList();
    return new Shard(
        shard.id(), 0, shard.weight(), nodes, shard.epoch(), shard.state(), shard.incarnations());
  }

  long epoch() {
    return known.topology().epoch();
  }

  LeaderPolicy policy() {
    return policy;
  }

  /** A client's request has come: perhaps another connection than before is to be taken. */
  void turn() {
    backends.turn();
  }

  /** It has heard of the topology as it is now. */
  void learn(Topology newer) {
    long before = shard().epoch();
    known.learn(newer);
    if (scenario.mood() == Mood.COORDINATORS && shard().epoch() != before) {
      servers.keySet().forEach(node -> backends.fence(node, "another epoch has begun"));
    }
  }
}
