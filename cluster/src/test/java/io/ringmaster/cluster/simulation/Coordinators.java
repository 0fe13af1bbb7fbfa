package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.StopShard;
import io.ringmaster.cluster.topology.WriteLevel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps the shard going by coordinators that run the controller under test. Now and then a shard is
 * fenced for no reason, and another coordinator leads, in the middle of whatever the former does.
 */
final class Coordinators implements Caretaker {

  private static final long FOR_EVER = Long.MAX_VALUE / 2;
  private static final long MARKERS_ON_THEIR_WAY = 20;

  private final World world;
  private final SimulatedNetwork network;
  private final Map<NodeId, SimulatedServer> servers;
  private final SimulatedGroup group;
  private final Scenario scenario;
  private final Hole hole;
  private final Memory memory;
  private final List<SimulatedCoordinator> coordinators = new ArrayList<>();
  private final CoordinatorFaults faults;
  private boolean rogue;
  private boolean isolated;
  private final Set<SimulatedServer> gone = new HashSet<>();
  private final Set<SimulatedCoordinator> goneCoordinators = new HashSet<>();

  Coordinators(
      SimulatedNetwork network,
      Map<NodeId, SimulatedServer> servers,
      SimulatedGroup group,
      List<SimulatedProxy> proxies,
      Scenario scenario,
      Hole hole) {
    this.world = network.world();
    this.network = network;
    this.servers = servers;
    this.group = group;
    this.scenario = scenario;
    this.hole = hole;
    this.memory = new Memory(group, servers, scenario);
    this.faults = new CoordinatorFaults(this, network, servers, group, proxies, scenario, hole);
    int count = 2 + world.below(2);
    for (int i = 1; i <= count; i++) {
      SimulatedProcess process = new SimulatedProcess(world, "coordinator " + i);
      coordinators.add(
          new SimulatedCoordinator(
              process, servers, group, scenario, hole, () -> rogue ? scenario.lateBatches() : 0));
    }
  }

  @Override
  public void start() {
    coordinators.forEach(SimulatedCoordinator::start);
    lookAfterTerms();
    fenceWithoutNeed();
    if (scenario.plans()) {
      plan();
    }
    if (scenario.stops()) {
      stop();
    }
  }

  /** Stops the shard now and then; once it is, its servers are shut down, or not. */
  private void stop() {
    Shard shard = group.shard();
    if (rogue && shard.isServing() && memory.remembering(shard.nodeIds()) >= shard.sealsNeeded()) {
      group.decide(new StopShard(shard.id(), shard.epoch()));
      world.after(world.between(1_000, 20_000), this::onceStopped);
    }
    world.after(world.between(20_000, 2 * scenario.failoversApart()), this::stop);
  }

  private void onceStopped() {
    ShardState state = group.shard().state();
    if (state == ShardState.PAUSED) {
      world.after(5_000, this::onceStopped);
    } else if (state == ShardState.STOPPED) {
      // A proxy that did not hold may have advanced the marker of a leader that died since.
      if (memory.keepers() > 0 && world.chance(0.8)) {
        servers
            .values()
            .forEach(server -> world.after(world.between(0, 50_000), () -> shutDown(server)));
      }
      world.after(world.between(0, 300_000), this::startAgain);
    }
  }

  /** What it has in memory is on disk before it ends. */
  private void shutDown(SimulatedServer server) {
    if (group.shard().state() != ShardState.STOPPED) {
      return;
    }
    if (server.isRewriting()) {
      world.after(5_000, () -> shutDown(server));
    } else if (server.process().isWell()) {
      server.crash();
      world.after(world.between(500, 200_000), () -> restart(server));
    }
  }

  private void startAgain() {
    if (group.shard().state() == ShardState.STOPPED) {
      fenceNow();
    }
  }

  /** Other nodes, another leader, or both; now and then before an earlier plan has come true. */
  private void plan() {
    if (rogue) {
      Shard shard = group.shard();
      List<NodeId> next = new ArrayList<>(servers.keySet());
      next.removeIf(node -> world.chance(0.3));
      gone.forEach(server -> next.remove(server.address()));
      NodeId leader = world.pick(shard.nodes()).id();
      next.remove(leader);
      next.addFirst(leader);
      // Those that come have to copy first, so that the others must do until then.
      long stay = next.stream().filter(shard::has).count();
      if (memory.remembering(next) >= shard.sealsNeeded()
          && shard.hasServed()
          && stay >= WriteLevel.DEFAULT.writeQuorum(next.size())) {
        group.decide(new PlanReconfiguration(shard.id(), shard.epoch(), next));
        if (!scenario.calm() && world.chance(hole.plans() ? 0.7 : 0.2)) {
          faults.troublePlan(shard, next);
        }
      }
    }
    long latest = hole.plans() ? 300_000 : 2 * scenario.failoversApart();
    world.after(world.between(20_000, latest), this::plan);
  }

  private void lookAfterTerms() {
    boolean settingUp = group.shard().state() == ShardState.PROMOTED;
    if (group.isLeaderless() || (rogue && world.chance(settingUp ? 0.5 : 0.1))) {
      group.elect();
    }
    world.after(world.between(10_000, 60_000), this::lookAfterTerms);
  }

  private void fenceWithoutNeed() {
    if (rogue && !scenario.calm()) {
      fenceNow();
    }
    long apart = scenario.failoversApart();
    boolean soon = world.chance(scenario.rashness());
    world.after(world.between(1_000, soon ? apart / 4 : 2 * apart), this::fenceWithoutNeed);
  }

  @Override
  public void goRogue() {
    rogue = true;
  }

  @Override
  public void calmDown() {
    rogue = false;
    Shard shard = group.shard();
    // Nobody would ever take part of it.
    if (shard.pending().stream().anyMatch(node -> isGone(serverAt(node)))) {
      group.decide(new PlanReconfiguration(shard.id(), shard.epoch(), List.of()));
    }
  }

  @Override
  public void lose(SimulatedServer server) {
    Shard shard = group.shard();
    boolean enough = canLose(shard.nodeIds(), server) && canLose(shard.pending(), server);
    if (enough && gone.size() < (scenario.members() - 1) / 2) {
      server.trace("is gone for good");
      gone.add(server);
      server.crash();
    }
  }

  @Override
  public boolean isGone(SimulatedServer server) {
    return gone.contains(server);
  }

  /** Of three, and perhaps it is removed from the group, too. */
  @Override
  public void loseOne() {
    SimulatedCoordinator lost = coordinators.getLast();
    if (coordinators.size() == 3 && lost.process().isRunning() && goneCoordinators.add(lost)) {
      lost.crash(network);
      if (world.chance(0.5)) {
        group.leave(lost.process());
      }
    }
  }

  /** When all is calm nobody orders it, but the leader stays away until another one leads. */
  @Override
  public void failOverNow() {
    if (!rogue && !memory.isUnmarked() && canDoWithoutLeader() && world.chance(0.6)) {
      loseLeader(leader());
    } else {
      fenceNow();
    }
  }

  /** Whether those of {@code nodes} that are left are a majority. */
  private boolean canLose(List<NodeId> nodes, SimulatedServer server) {
    long left =
        nodes.stream().map(this::serverAt).filter(one -> one != server && !isGone(one)).count();
    return nodes.isEmpty() || left > nodes.size() / 2;
  }

  private boolean canDoWithoutLeader() {
    Shard shard = group.shard();
    List<NodeId> others =
        shard.replicas().stream().map(Node::id).filter(node -> !isGone(serverAt(node))).toList();
    return gone.isEmpty()
        ? shard.nodes().size() > 1
        : memory.remembering(others) >= shard.sealsNeeded()
            && others.size() >= shard.writeQuorum(WriteLevel.DEFAULT);
  }

  private void loseLeader(SimulatedServer lost) {
    // A leader of two, which may be what is left of three, answers usual writes alone.
    int ways = scenario.plans() ? 2 : 3;
    switch (world.below(ways)) {
      case 0 -> {
        lost.crash();
        onceReplaced(lost, () -> restart(lost));
      }
      case 1 -> {
        lost.process().pause();
        onceReplaced(lost, () -> lost.process().wake());
      }
      default -> {
        isolated = true;
        faults.isolate(lost, FOR_EVER);
        onceReplaced(
            lost,
            () -> {
              isolated = false;
              network.heal();
            });
      }
    }
  }

  private void onceReplaced(SimulatedServer lost, Runnable repair) {
    if (leader() == lost || !group.shard().isServing()) {
      world.after(10_000, () -> onceReplaced(lost, repair));
    } else {
      repair.run();
    }
  }

  /** Not while another leader could not be chosen: only a leader that is lost is fenced then. */
  void fenceNow() {
    Shard shard = group.shard();
    if (shard.isServing() && memory.remembering(shard.nodeIds()) < shard.sealsNeeded()) {
      return;
    }
    group.decide(new FenceShard(shard.id(), shard.epoch() + 1, false));
  }

  @Override
  public void heal() {
    for (SimulatedCoordinator coordinator : coordinators) {
      coordinator.process().wake();
      restart(coordinator);
    }
  }

  void restart(SimulatedServer server) {
    if (!server.process().isRunning() && !gone.contains(server)) {
      server.restart(Disk.Survival.ALL);
    }
  }

  void restart(SimulatedCoordinator coordinator) {
    if (!coordinator.process().isRunning() && !goneCoordinators.contains(coordinator)) {
      coordinator.restart();
    }
  }

  @Override
  public void trouble(long micros) {
    faults.trouble(micros);
  }

  Memory memory() {
    return memory;
  }

  List<SimulatedCoordinator> coordinators() {
    return coordinators;
  }

  /** Those servers that do not come back. */
  Set<SimulatedServer> gone() {
    return gone;
  }

  @Override
  public boolean isSettled() {
    SimulatedServer leader = leader();
    return !isolated
        && group.shard().isServing()
        && memory.isIntact(leader)
        && leader.following() == null
        && !hasPlan(group.shard())
        && group.shard().outOfSync().stream().allMatch(node -> isGone(serverAt(node)))
        && !group.shard().isInTransition()
        && members()
            .filter(server -> !isGone(server))
            .allMatch(server -> isSettled(server, leader));
  }

  private boolean isSettled(SimulatedServer server, SimulatedServer leader) {
    return server.process().isWell()
        && memory.isIntact(server)
        && (server == leader || server.isSynchronizedWith(leader.address()))
        && (isOnItsWay(server, leader) || server.database().holdsSameAs(leader.database()));
  }

  /** Where replication is slow all the time, the last markers are always on their way. */
  private boolean isOnItsWay(SimulatedServer server, SimulatedServer leader) {
    long missing = leader.history().offset() - server.history().offset();
    return scenario.lag() > 0
        && missing <= MARKERS_ON_THEIR_WAY
        && server.database().holdsSameValuesAs(leader.database());
  }

  /** One that was overtaken by others may have become impossible, and stays what it is. */
  private static boolean hasPlan(Shard shard) {
    return !shard.pending().isEmpty() && shard.canBecome(shard.pending());
  }

  private Stream<SimulatedServer> members() {
    return servers.values().stream().filter(server -> group.shard().has(server.address()));
  }

  @Override
  public SimulatedServer leader() {
    return serverAt(group.shard().leader().id());
  }

  SimulatedServer serverAt(NodeId node) {
    SimulatedServer server = servers.get(node);
    if (server == null) {
      throw new IllegalStateException("no server at " + node);
    }
    return server;
  }

  @Override
  public long epoch() {
    return group.shard().epoch();
  }

  @Override
  public long abruptEpoch() {
    return group.abruptEpoch();
  }

  @Override
  public long forgetful() {
    return memory.forgetful();
  }

  @Override
  public List<SimulatedProcess> processes() {
    return coordinators.stream().map(SimulatedCoordinator::process).toList();
  }
}
