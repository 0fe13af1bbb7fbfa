package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;

/** Stops, kills, cuts and delays, at random times. */
final class Faults {

  private final World world;
  private final SimulatedNetwork network;
  private final List<SimulatedServer> servers;
  private final List<SimulatedProxy> proxies;
  private final ConfigLog log;
  private final Caretaker operator;
  private final Scenario scenario;
  private boolean over;

  Faults(
      SimulatedNetwork network,
      List<SimulatedServer> servers,
      List<SimulatedProxy> proxies,
      ConfigLog log,
      Caretaker operator,
      Scenario scenario) {
    this.world = network.world();
    this.network = network;
    this.servers = servers;
    this.proxies = proxies;
    this.log = log;
    this.operator = operator;
    this.scenario = scenario;
  }

  void start() {
    world.after(world.between(0, 2 * scenario.faultsApart()), this::strike);
  }

  /** No more faults; those that are there end. */
  void heal() {
    over = true;
    network.heal();
    for (SimulatedServer server : servers) {
      server.process().wake();
      if (!server.process().isRunning() && !operator.isGone(server)) {
        server.restart(Disk.Survival.ALL);
      }
    }
    proxies.forEach(proxy -> proxy.serving().process().wake());
    log.process().wake();
    operator.heal();
  }

  private void strike() {
    if (over) {
      return;
    }
    if (scenario.calm()) {
      operator.trouble(duration());
    } else if (scenario.losses() && world.chance(0.1)) {
      loseForGood();
    } else if (scenario.mood() == Mood.COORDINATORS && world.chance(0.3)) {
      operator.trouble(duration());
    } else if (scenario.mood() == Mood.LEASES && world.chance(0.7)) {
      troubleLeases();
    } else if (scenario.mood() == Mood.NETWORK || world.chance(0.5)) {
      troubleConnections();
    } else {
      troubleProcesses();
    }
    start();
  }

  private void troubleConnections() {
    switch (world.below(8)) {
      case 0, 1 -> loseConnection();
      case 2, 3, 4 -> stallConnection();
      case 5 -> flap(world.pick(everybody()));
      case 6 -> split();
      default -> partition();
    }
  }

  private void troubleProcesses() {
    switch (world.below(10)) {
      case 0, 1, 2 -> pause(world.pick(servers).process());
      case 3 -> pause(world.pick(proxies).process());
      case 4, 5 -> crash(world.pick(servers));
      case 6 -> crash(world.pick(proxies));
      default -> split();
    }
  }

  /** Stops or cuts off who holds a lease, or who grants it, and often changes the leader. */
  private void troubleLeases() {
    SimulatedProcess proxy = world.pick(proxies).process();
    switch (world.below(8)) {
      case 0 -> pause(proxy);
      case 1 -> pause(log.process());
      case 2 -> pause(operator.leader().process());
      case 3 -> troubleClock(proxy);
      case 4, 5 -> {
        SimulatedProcess leader = operator.leader().process();
        operator.failOverNow();
        world.after(world.between(0, 15_000), () -> strand(proxy, leader));
      }
      default -> split();
    }
    if (world.chance(0.3)) {
      world.after(world.between(0, scenario.lease()), operator::failOverNow);
    }
  }

  /** The config group loses a proxy, the operator the leader: only those two go on. */
  private void strand(SimulatedProcess proxy, SimulatedProcess leader) {
    long duration = world.between(scenario.lease(), 4 * scenario.lease());
    say("stranded: " + proxy + " with " + leader);
    network.block(proxy, log.process(), duration);
    if (world.chance(0.5)) {
      network.block(log.process(), proxy, duration);
    }
    operator.processes().forEach(process -> network.block(leader, process, duration));
  }

  private void troubleClock(SimulatedProcess process) {
    if (scenario.freezes() && process.isWell()) {
      say(process + " is frozen");
      process.freeze();
      world.after(duration(), () -> wake(process));
    } else if (!scenario.suspends()) {
      say(process + " has its clock set");
      process.setClock(world.between(-10_000, 10_000));
    } else if (process.isWell()) {
      say(process + " is suspended");
      process.suspend();
      world.after(duration(), () -> wake(process));
    }
  }

  private long duration() {
    if (scenario.mood() == Mood.LEASES) {
      return world.between(1_000, 4 * scenario.lease());
    }
    return world.chance(0.5) ? world.between(1_000, 40_000) : world.between(40_000, 500_000);
  }

  private void pause(SimulatedProcess process) {
    if (process.isWell()) {
      say(process + " is paused");
      process.pause();
      world.after(duration(), () -> wake(process));
    }
  }

  private void wake(SimulatedProcess process) {
    if (process.isPaused()) {
      say(process + " wakes");
      process.wake();
    }
  }

  /** Only as many lose their memory at a time as the promise allows. */
  private void crash(SimulatedServer server) {
    if (!server.process().isRunning() || operator.forgetful() >= scenario.forgetful()) {
      return;
    }
    server.crash();
    Disk.Survival survival = world.pick(List.of(Disk.Survival.values()));
    world.after(
        world.between(500, 200_000),
        () -> {
          if (!server.process().isRunning() && !operator.isGone(server)) {
            server.restart(survival);
          }
        });
  }

  private void crash(SimulatedProxy proxy) {
    if (proxy.serving() != proxy) {
      return;
    }
    say(proxy.process() + " crashes");
    proxy.crash(network);
  }

  /** Somebody dies and does not come back: a server, a proxy, or a coordinator. */
  private void loseForGood() {
    SimulatedServer server = world.pick(servers);
    SimulatedProxy proxy = proxies.getLast();
    switch (world.below(3)) {
      case 0 -> {
        if (server.process().isRunning() && operator.forgetful() < scenario.forgetful()) {
          operator.lose(server);
        }
      }
      case 1 -> {
        if (proxies.size() > 1 && proxy.serving() == proxy) {
          say(proxy.process() + " is gone for good");
          proxy.vanish(network, proxies.getFirst());
        }
      }
      default -> operator.loseOne();
    }
  }

  private void loseConnection() {
    List<Connection<?, ?>> open = network.open();
    if (!open.isEmpty()) {
      Connection<?, ?> connection = world.pick(open);
      say("lost: " + connection);
      connection.lose(world);
    }
  }

  private void stallConnection() {
    List<Connection<?, ?>> open = network.open();
    if (!open.isEmpty()) {
      Connection<?, ?> connection = world.pick(open);
      say("slow: " + connection);
      connection.stall(world, duration());
    }
  }

  /** Between one server and another process, in one direction or in both. */
  private void partition() {
    SimulatedProcess server = world.pick(servers).process();
    List<SimulatedProcess> others = everybody();
    others.remove(server);
    cut(server, world.pick(others));
  }

  private void cut(SimulatedProcess one, SimulatedProcess other) {
    long duration = duration();
    int directions = world.below(3);
    say("cut: " + one + " and " + other);
    if (directions != 0) {
      network.block(one, other, duration);
    }
    if (directions != 1) {
      network.block(other, one, duration);
    }
  }

  /** Into two groups, which cannot reach each other. */
  private void split() {
    List<SimulatedProcess> here = world.chance(0.6) ? aroundTheLeader() : anyGroup();
    List<SimulatedProcess> there = everybody();
    there.removeAll(here);
    long duration = duration();
    say("split: " + here + " and " + there);
    for (SimulatedProcess one : here) {
      for (SimulatedProcess other : there) {
        network.block(one, other, duration);
        network.block(other, one, duration);
      }
    }
    if (world.chance(0.5)) {
      SimulatedProcess unlucky = here.getLast();
      for (long when = 0; when < duration; when += world.between(20_000, 100_000)) {
        world.after(when, () -> flap(unlucky));
      }
    }
  }

  private List<SimulatedProcess> anyGroup() {
    List<SimulatedProcess> all = world.shuffled(everybody());
    return all.subList(0, 1 + world.below(all.size() - 1));
  }

  /** The leader with some proxies and just so many servers that the others can do without. */
  private List<SimulatedProcess> aroundTheLeader() {
    List<SimulatedServer> others = world.shuffled(servers);
    others.remove(operator.leader());
    List<SimulatedProcess> group = new ArrayList<>();
    group.add(operator.leader().process());
    proxies.stream()
        .filter(proxy -> world.chance(0.5))
        .forEach(proxy -> group.add(proxy.process()));
    others.subList(0, scenario.forgetful() - 1).forEach(server -> group.add(server.process()));
    return group;
  }

  /** A process loses all its connections. */
  private void flap(SimulatedProcess process) {
    say("all lost: " + process);
    network.open().stream()
        .filter(connection -> connection.joins(process))
        .forEach(connection -> connection.lose(world));
  }

  private List<SimulatedProcess> everybody() {
    List<SimulatedProcess> all = new ArrayList<>();
    servers.forEach(server -> all.add(server.process()));
    proxies.forEach(proxy -> all.add(proxy.process()));
    all.addAll(operator.processes());
    if (scenario.hasLeases()) {
      all.add(log.process());
    }
    return all;
  }

  private void say(String what) {
    if (world.isTraced()) {
      world.trace("-- " + what);
    }
  }
}
