package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.List;
import java.util.Map;

/** What goes wrong with coordinators, and just when they are at something. */
final class CoordinatorFaults {

  private final Coordinators keeper;
  private final World world;
  private final SimulatedNetwork network;
  private final Map<NodeId, SimulatedServer> servers;
  private final SimulatedGroup group;
  private final List<SimulatedProxy> proxies;
  private final Scenario scenario;
  private final Hole hole;
  private long backAt;

  CoordinatorFaults(
      Coordinators keeper,
      SimulatedNetwork network,
      Map<NodeId, SimulatedServer> servers,
      SimulatedGroup group,
      List<SimulatedProxy> proxies,
      Scenario scenario,
      Hole hole) {
    this.keeper = keeper;
    this.world = network.world();
    this.network = network;
    this.servers = servers;
    this.group = group;
    this.proxies = proxies;
    this.scenario = scenario;
    this.hole = hole;
  }

  /** Those that were there before lag behind, and then no coordinator reaches the leader. */
  void troublePlan(Shard shard, List<NodeId> next) {
    List<NodeId> before = shard.replicas().stream().map(Node::id).toList();
    if (before.containsAll(next.subList(1, next.size())) || world.chance(0.3)) {
      troubleHandOver(before.stream().filter(next::contains).toList());
    } else {
      troubleArrival(before);
    }
  }

  private void troubleHandOver(List<NodeId> stay) {
    SimulatedProcess leader = keeper.leader().process();
    lag(stay, world.between(100_000, 400_000));
    onceHeld(200, () -> world.after(world.between(2_000, 30_000), () -> hide(leader, 300_000)));
  }

  /** Those that come may have followed by then, if somebody has told them to. */
  private void troubleArrival(List<NodeId> before) {
    SimulatedProcess leader = keeper.leader().process();
    group.elect();
    world.after(world.between(5_000, 50_000), () -> lag(before, 400_000));
    world.after(
        world.between(60_000, 150_000),
        () -> {
          hide(leader, 300_000);
          keeper.fenceNow();
        });
  }

  private void lag(List<NodeId> replicas, long micros) {
    SimulatedProcess leader = keeper.leader().process();
    replicas.forEach(node -> cut(leader, keeper.serverAt(node).process(), micros));
  }

  private void onceHeld(int looks, Runnable then) {
    if (group.shard().state() == ShardState.PAUSED) {
      then.run();
    } else if (looks > 0) {
      world.after(1_000, () -> onceHeld(looks - 1, then));
    }
  }

  /** No coordinator reaches {@code server}. */
  private void hide(SimulatedProcess server, long micros) {
    keeper.processes().forEach(process -> cut(process, server, micros));
  }

  /** The other servers do not reach it, or it does not reach them; everybody else does. */
  void isolate(SimulatedServer leader, long micros) {
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

  /** Something goes wrong, for so many microseconds. */
  void trouble(long micros) {
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
      isolate(keeper.leader(), world.between(50_000, 600_000));
    } else {
      troubleProcess(micros);
    }
  }

  /** The shard is fenced, but a proxy and the leader do not hear of it, and go on together. */
  private void strand(long micros) {
    SimulatedProcess leader = keeper.leader().process();
    SimulatedProcess proxy = world.pick(proxies).process();
    keeper.coordinators().forEach(coordinator -> cut(coordinator.process(), leader, micros));
    cut(group.process(), proxy, micros);
    world.after(world.between(0, 20_000), keeper::fenceNow);
    if (world.isTraced()) {
      world.trace("-- stranded: " + proxy + " with " + leader);
    }
  }

  /**
   * As many as the others can do without are away for so long that they are taken out. When they
   * are back, but for the leader, those with whom it went on may be lost.
   */
  private void strayAway(long micros) {
    SimulatedServer leader = keeper.leader();
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
          keeper.fenceNow();
        });
  }

  private void cut(SimulatedProcess one, SimulatedProcess other, long micros) {
    network.block(one, other, micros);
    network.block(other, one, micros);
  }

  /** Nothing else is missing then, so that the shard can be marked anew. */
  private boolean mayBeUnmarked() {
    return (hole == Hole.NONE || hole.unmarks())
        && keeper.memory().remembering(group.shard().nodeIds()) == group.shard().nodes().size()
        && keeper.memory().forgetful() < scenario.forgetful();
  }

  /** Somebody's script deletes the marker. */
  private void unmark() {
    SimulatedServer leader = keeper.leader();
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
    return group.shard().durable().isPresent()
        && !keeper.leader().pretends()
        && keeper.gone().isEmpty()
        && keeper.memory().forgetful() < scenario.forgetful()
        && (hole == Hole.TRUSTED_COPY || !keeper.leader().copiesAtStart());
  }

  /** All servers are gone at once, and come back with what is on their disks. */
  private void losePower() {
    if (world.isTraced()) {
      world.trace("-- all servers lose power");
    }
    for (SimulatedServer server : servers.values()) {
      if (server.process().isRunning()) {
        server.crash();
        world.after(world.between(500, 200_000), () -> keeper.restart(server));
      }
    }
  }

  private void troubleProcess(long micros) {
    SimulatedCoordinator coordinator = world.pick(keeper.coordinators());
    SimulatedProcess process = coordinator.process();
    if (!process.isWell()) {
      return;
    }
    if (world.chance(0.3)) {
      coordinator.crash(network);
      world.after(micros, () -> keeper.restart(coordinator));
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
}
