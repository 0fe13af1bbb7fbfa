package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanNodes;
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
  private final List<SimulatedProxy> proxies;
  private final Scenario scenario;
  private final Hole hole;
  private final Memory memory;
  private final List<SimulatedCoordinator> coordinators = new ArrayList<>();
  private boolean rogue;
  private boolean isolated;
  private long backAt;
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
    this.proxies = proxies;
    this.scenario = scenario;
    this.hole = hole;
    this.memory = new Memory(group, servers, scenario);
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
    if (state == ShardState.HANDING_OVER) {
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
          && stay >= WriteLevel.DEFAULT.copies(next.size())) {
        group.decide(new PlanNodes(shard.id(), shard.epoch(), next));
        if (!scenario.calm() && world.chance(hole.plans() ? 0.7 : 0.2)) {
          troublePlan(shard, next);
        }
      }
    }
    long latest = hole.plans() ? 300_000 : 2 * scenario.failoversApart();
    world.after(world.between(20_000, latest), this::plan);
  }

  /** Those that were there before lag behind, and then no coordinator reaches the leader. */
  private void troublePlan(Shard shard, List<NodeId> next) {
    List<NodeId> before = shard.replicas().stream().map(Node::id).toList();
    if (before.containsAll(next.subList(1, next.size())) || world.chance(0.3)) {
      troubleHandOver(before.stream().filter(next::contains).toList());
    } else {
      troubleArrival(before);
    }
  }

  private void troubleHandOver(List<NodeId> stay) {
    SimulatedProcess leader = leader().process();
    lag(stay, world.between(100_000, 400_000));
    onceHeld(200, () -> world.after(world.between(2_000, 30_000), () -> hide(leader, 300_000)));
  }

  /** Those that come may have followed by then, if somebody has told them to. */
  private void troubleArrival(List<NodeId> before) {
    SimulatedProcess leader = leader().process();
    group.elect();
    world.after(world.between(5_000, 50_000), () -> lag(before, 400_000));
    world.after(
        world.between(60_000, 150_000),
        () -> {
          hide(leader, 300_000);
          fenceNow();
        });
  }

  private void lag(List<NodeId> replicas, long micros) {
    SimulatedProcess leader = leader().process();
    replicas.forEach(node -> cut(leader, serverAt(node).process(), micros));
  }

  private void onceHeld(int looks, Runnable then) {
    if (group.shard().state() == ShardState.HANDING_OVER) {
      then.run();
    } else if (looks > 0) {
      world.after(1_000, () -> onceHeld(looks - 1, then));
    }
  }

  /** No coordinator reaches {@code server}. */
  private void hide(SimulatedProcess server, long micros) {
    processes().forEach(process -> cut(process, server, micros));
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
    if (shard.planned().stream().anyMatch(node -> isGone(serverAt(node)))) {
      group.decide(new PlanNodes(shard.id(), shard.epoch(), List.of()));
    }
  }

  @Override
  public void lose(SimulatedServer server) {
    if (gone.size() < (scenario.members() - 1) / 2) {
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

  private boolean canDoWithoutLeader() {
    Shard shard = group.shard();
    List<NodeId> others =
        shard.replicas().stream().map(Node::id).filter(node -> !isGone(serverAt(node))).toList();
    return gone.isEmpty()
        ? shard.nodes().size() > 1
        : memory.remembering(others) >= shard.sealsNeeded()
            && others.size() >= shard.copies(WriteLevel.DEFAULT);
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
        isolate(lost, FOR_EVER);
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

  /** The other servers do not reach it, or it does not reach them; everybody else does. */
  private void isolate(SimulatedServer leader, long micros) {
    int ways = world.below(3);
    for (SimulatedServer other : servers.values()) {
      if (other != leader && ways != 0) {
        network.block(leader.process(), other.process(), micros);
      }
      if (other != leader && ways != 1) {
        network.block(other.process(), leader.process(), micros);
      }
    }
    if (world.isTraced()) {
      world.trace("-- isolated from the other servers: " + leader.process());
    }
  }

  /** Not while another leader could not be chosen: only a leader that is lost is fenced then. */
  private void fenceNow() {
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

  @Override
  public void trouble(long micros) {
    if (scenario.calm()) {
      // The others are enough for barriers, so that the leader is not given up.
      lag(List.of(List.copyOf(servers.keySet()).getLast()), micros);
      return;
    }
    double blackouts = hole == Hole.TRUSTED_COPY ? 0.7 : 0.15;
    boolean unmarks = world.chance(hole.unmarks() ? 0.5 : 0.05);
    if (group.shard().isServing() && unmarks && (mayBeUnmarked() || hole == Hole.RASH_REMARK)) {
      unmark();
    } else if (group.shard().isServing() && mayLosePower() && world.chance(blackouts)) {
      losePower();
    } else if (scenario.losses()
        && world.now() > backAt
        && world.chance(hole.loses() ? 0.5 : 0.1)) {
      long away = world.between(400_000, 1_000_000);
      backAt = world.now() + away + 400_000;
      strayAway(away);
    } else if (world.chance(0.4)) {
      strand(world.between(50_000, 600_000));
    } else if (world.chance(0.2)) {
      isolate(leader(), world.between(50_000, 600_000));
    } else {
      troubleProcess(micros);
    }
  }

  /** The shard is fenced, but a proxy and the leader do not hear of it, and go on together. */
  private void strand(long micros) {
    SimulatedProcess leader = leader().process();
    SimulatedProcess proxy = world.pick(proxies).process();
    coordinators.forEach(coordinator -> cut(coordinator.process(), leader, micros));
    cut(group.process(), proxy, micros);
    world.after(world.between(0, 20_000), this::fenceNow);
    if (world.isTraced()) {
      world.trace("-- stranded: " + proxy + " with " + leader);
    }
  }

  /**
   * As many as the others can do without are away for so long that they are taken out. When they
   * are back, but for the leader, those with whom it went on may be lost.
   */
  private void strayAway(long micros) {
    SimulatedServer leader = leader();
    List<SimulatedServer> others = world.shuffled(List.copyOf(servers.values()));
    others.remove(leader);
    int count = Math.min(scenario.forgetful(), others.size());
    for (SimulatedServer server : others.subList(0, count)) {
      server.trace("is away for long");
      hide(server.process(), micros);
      proxies.forEach(proxy -> cut(proxy.process(), server.process(), micros));
      servers.values().forEach(other -> cut(other.process(), server.process(), micros));
    }
    if (count < others.size() && world.chance(hole.loses() ? 0.9 : 0.5)) {
      List<SimulatedServer> back = others.subList(0, count);
      loseThoseThatStayed(leader, back, others.subList(count, others.size()), micros);
    }
  }

  private void loseThoseThatStayed(
      SimulatedServer leader,
      List<SimulatedServer> back,
      List<SimulatedServer> stayed,
      long micros) {
    back.forEach(server -> cut(leader.process(), server.process(), micros + 400_000));
    SimulatedServer last = stayed.getLast();
    world.after(micros - 100_000, () -> cut(leader.process(), last.process(), 500_000));
    world.after(
        micros,
        () -> {
          hide(leader.process(), 400_000);
          stayed.stream()
              .filter(server -> server != last)
              .forEach(server -> hide(server.process(), 400_000));
          fenceNow();
        });
  }

  private void cut(SimulatedProcess one, SimulatedProcess other, long micros) {
    network.block(one, other, micros);
    network.block(other, one, micros);
  }

  /** Nothing else is missing then, so that the shard can be marked anew. */
  private boolean mayBeUnmarked() {
    return (hole == Hole.NONE || hole.unmarks())
        && memory.remembering(group.shard().nodeIds()) == group.shard().nodes().size()
        && memory.forgetful() < scenario.forgetful();
  }

  /** Somebody's script deletes the marker. */
  private void unmark() {
    SimulatedServer leader = leader();
    if (leader.process().isWell() && leader.following() == null) {
      leader.trace("its marker is deleted");
      leader.unmark();
      if (hole == Hole.RASH_REMARK) {
        leader.crash();
        world.after(
            world.between(500, 20_000),
            () -> {
              if (!leader.process().isRunning()) {
                leader.restart(Disk.Survival.NONE);
              }
            });
      }
    }
  }

  /** A leader that keeps everything keeps it unless it is told to copy what others have. */
  private boolean mayLosePower() {
    return group.shard().kept().isPresent()
        && !leader().pretends()
        && gone.isEmpty()
        && memory.forgetful() < scenario.forgetful()
        && (hole == Hole.TRUSTED_COPY || !leader().copiesAtStart());
  }

  /** All servers are gone at once, and come back with what is on their disks. */
  private void losePower() {
    if (world.isTraced()) {
      world.trace("-- all servers lose power");
    }
    for (SimulatedServer server : servers.values()) {
      if (server.process().isRunning()) {
        server.crash();
        world.after(world.between(500, 200_000), () -> restart(server));
      }
    }
  }

  private void restart(SimulatedServer server) {
    if (!server.process().isRunning() && !gone.contains(server)) {
      server.restart(Disk.Survival.ALL);
    }
  }

  private void troubleProcess(long micros) {
    SimulatedCoordinator coordinator = world.pick(coordinators);
    SimulatedProcess process = coordinator.process();
    if (!process.isWell()) {
      return;
    }
    if (world.chance(0.3)) {
      coordinator.crash(network);
      world.after(micros, () -> restart(coordinator));
    } else {
      process.pause();
      world.after(
          micros,
          () -> {
            if (process.isPaused()) {
              process.wake();
            }
          });
    }
    if (world.isTraced()) {
      world.trace("-- " + process + (process.isRunning() ? " is paused" : " crashes"));
    }
  }

  private void restart(SimulatedCoordinator coordinator) {
    if (!coordinator.process().isRunning() && !goneCoordinators.contains(coordinator)) {
      coordinator.restart();
    }
  }

  @Override
  public boolean isSettled() {
    SimulatedServer leader = leader();
    return !isolated
        && group.shard().isServing()
        && memory.isAdmitted(leader)
        && leader.following() == null
        && !hasPlan(group.shard())
        && group.shard().excluded().stream().allMatch(node -> isGone(serverAt(node)))
        && !group.shard().isInTransition()
        && members()
            .filter(server -> !isGone(server))
            .allMatch(server -> isSettled(server, leader));
  }

  private boolean isSettled(SimulatedServer server, SimulatedServer leader) {
    return server.process().isWell()
        && memory.isAdmitted(server)
        && (server == leader || server.isSynchronizedWith(leader.address()))
        && (isOnItsWay(server, leader) || server.database().holdsSameAs(leader.database()));
  }

  /** Where replication is slow all the time, the last markers are always on their way. */
  private boolean isOnItsWay(SimulatedServer server, SimulatedServer leader) {
    long missing = leader.history().offset() - server.history().offset();
    return scenario.lag() > 0 && missing <= MARKERS_ON_THEIR_WAY;
  }

  /** One that was overtaken by others may have become impossible, and stays what it is. */
  private static boolean hasPlan(Shard shard) {
    return !shard.planned().isEmpty() && shard.canBecome(shard.planned());
  }

  private Stream<SimulatedServer> members() {
    return servers.values().stream().filter(server -> group.shard().has(server.address()));
  }

  @Override
  public SimulatedServer leader() {
    return serverAt(group.shard().leader().id());
  }

  private SimulatedServer serverAt(NodeId node) {
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
