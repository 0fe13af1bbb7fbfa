package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who keeps the shard going by hand, by the book: cuts enough members off from the old
 * leader, looks who is furthest, makes that one the leader of a new epoch, and then attaches the
 * others. Now and then he does it for no reason. What he types reaches a server at once or never.
 */
final class Operator implements Caretaker {

  /** What a member said when it was cut off. */
  private record Seal(SimulatedServer server, String runId, long epoch, long number) {}

  private final World world;
  private final SimulatedNetwork network;
  private final Map<NodeId, SimulatedServer> servers;
  private final List<SimulatedProxy> proxies;
  private final ConfigLog log;
  private final Scenario scenario;
  private final Hole hole;
  private final SimulatedProcess process;
  private final Map<NodeId, String> admitted = new LinkedHashMap<>();
  private Shard shard;
  private NodeId former;
  private boolean switching;
  private boolean rogue;
  private boolean rash;
  private int suspicion;

  Operator(
      SimulatedNetwork network,
      Map<NodeId, SimulatedServer> servers,
      Shard shard,
      List<SimulatedProxy> proxies,
      ConfigLog log,
      Scenario scenario,
      Hole hole) {
    this.world = network.world();
    this.network = network;
    this.servers = servers;
    this.shard = shard;
    this.former = shard.leader().id();
    this.proxies = proxies;
    this.log = log;
    this.scenario = scenario;
    this.hole = hole;
    this.process = new SimulatedProcess(world, "operator");
  }

  @Override
  public List<SimulatedProcess> processes() {
    return List.of(process);
  }

  @Override
  public void heal() {}

  @Override
  public void trouble(long micros) {}

  @Override
  public SimulatedServer leader() {
    return server(shard.leader().id());
  }

  @Override
  public long epoch() {
    return shard.epoch();
  }

  @Override
  public void start() {
    for (SimulatedServer server : servers.values()) {
      server.setUser(SimulatedProxy.USER);
      admitted.put(server.address(), server.runId());
    }
    leader().promote();
    leader().console(Words.of(SimulatedServer.MARKER.begin(shard.epoch())));
    attachOthers();
    world.after(20_000, this::tick);
  }

  @Override
  public void goRogue() {
    rogue = true;
  }

  @Override
  public void calmDown() {
    rogue = false;
  }

  @Override
  public long forgetful() {
    return servers.values().stream().filter(server -> !isIntact(server)).count();
  }

  @Override
  public boolean isSettled() {
    SimulatedServer leader = leader();
    return !switching
        && leads(leader)
        && servers.values().stream().allMatch(server -> isSettled(server, leader));
  }

  private boolean isSettled(SimulatedServer server, SimulatedServer leader) {
    return isIntact(server)
        && (server == leader || server.isSynchronizedWith(leader.address()))
        && server.history().offset() == leader.history().offset()
        && server.database().holdsSameAs(leader.database());
  }

  private boolean isIntact(SimulatedServer server) {
    return server.process().isRunning() && server.runId().equals(admitted.get(server.address()));
  }

  private SimulatedServer server(NodeId node) {
    SimulatedServer server = servers.get(node);
    if (server == null) {
      throw new IllegalArgumentException("no server at " + node);
    }
    return server;
  }

  private boolean reaches(SimulatedServer server) {
    return server.process().isWell()
        && !server.isLoading()
        && !network.isBlocked(process, server.process())
        && !network.isBlocked(server.process(), process);
  }

  private boolean leads(SimulatedServer server) {
    return reaches(server) && server.following() == null && isIntact(server);
  }

  private void tick() {
    world.after(world.between(10_000, 30_000), this::tick);
    if (switching) {
      return;
    }
    if (!leads(leader())) {
      suspicion++;
      if (suspicion >= 2) {
        failOver();
      }
      return;
    }
    suspicion = 0;
    if (rogue && world.chance(20_000.0 / scenario.failoversApart())) {
      failOver();
    } else if (rogue && world.chance(0.02)) {
      bounce();
    } else {
      attachOthers();
    }
  }

  private void attachOthers() {
    SimulatedServer leader = leader();
    for (SimulatedServer server : servers.values()) {
      if (server == leader || !reaches(server)) {
        continue;
      }
      if (!leader.address().equals(server.following())) {
        server.setUser(SimulatedProxy.USER);
        server.replicaOf(leader.address());
      } else if (server.isSynchronizedWith(leader.address()) && !isIntact(server)) {
        server.trace("is admitted again");
        admitted.put(server.address(), server.runId());
      }
    }
  }

  /** Demotes the leader and promotes it again, in the same epoch. */
  private void bounce() {
    switching = true;
    SimulatedServer leader = leader();
    leader.replicaOf(SimulatedServer.NOBODY);
    world.after(
        world.between(100, 10_000),
        () -> {
          switching = false;
          if (reaches(leader) && isIntact(leader)) {
            leader.promote();
          }
        });
  }

  @Override
  public void failOverNow() {
    if (!switching) {
      failOver();
    }
  }

  private void failOver() {
    switching = true;
    List<SimulatedServer> order = world.shuffled(List.copyOf(servers.values()));
    int wanted = (int) world.between(scenario.sealed(), scenario.members());
    if (world.chance(scenario.mood() == Mood.LEASES ? 0.7 : 0.4)) {
      // The old leader hears of it last, and goes on.
      order.remove(leader());
      order.add(leader());
      wanted = scenario.sealed();
    }
    seal(order, wanted);
  }

  private void seal(List<SimulatedServer> order, int wanted) {
    List<Seal> seals = new ArrayList<>();
    long delay = 0;
    for (SimulatedServer server : order) {
      delay += world.between(100, 4_000);
      world.after(delay, () -> seal(server, seals, wanted));
    }
    world.after(delay + world.between(100, 4_000), () -> choose(seals));
  }

  private void seal(SimulatedServer server, List<Seal> seals, int wanted) {
    if (seals.size() >= wanted || !reaches(server)) {
      return;
    }
    if (hole != Hole.NO_SEAL) {
      server.replicaOf(SimulatedServer.NOBODY);
      if (hole != Hole.LISTENERS_OUTLIVE_SEAL) {
        server.killListeners();
      }
      int dice = world.below(8);
      if (dice == 0) {
        server.killClients();
      } else if (dice == 1) {
        server.deleteUser(SimulatedProxy.USER);
        server.setUser(SimulatedProxy.USER);
      }
    }
    Map<String, String> marker = server.database().hash(Marker.KEY);
    String epoch = marker.get("epoch");
    boolean remembers = isIntact(server) || hole == Hole.COUNT_AMNESIAC;
    if (epoch != null && remembers) {
      long number = Long.parseLong(marker.getOrDefault("n", "0"));
      server.trace("is sealed at", epoch, number);
      seals.add(new Seal(server, server.runId(), Long.parseLong(epoch), number));
    }
  }

  private void choose(List<Seal> seals) {
    Seal best = best(seals);
    if (seals.size() < scenario.sealed() || best == null) {
      world.after(world.between(5_000, 40_000), this::failOver);
    } else {
      world.after(world.between(100, 5_000), () -> promote(best));
    }
  }

  /** The one that is furthest; of several one that has led before, it is the most troublesome. */
  private @Nullable Seal best(List<Seal> seals) {
    NodeId favourite = world.chance(0.3) ? shard.leader().id() : former;
    Comparator<Seal> byMarker = Comparator.comparing(Seal::epoch).thenComparing(Seal::number);
    Comparator<Seal> byPast =
        Comparator.comparing(seal -> seal.server().address().equals(favourite));
    return seals.stream().max(byMarker.thenComparing(byPast)).orElse(null);
  }

  private void promote(Seal best) {
    SimulatedServer server = best.server();
    Shard next = ledBy(server);
    if (!isAsSealed(best) || !log.commit(process, next)) {
      world.after(world.between(0, 10_000), this::failOver);
      return;
    }
    server.trace("is to lead in epoch", next.epoch());
    former = shard.leader().id();
    shard = next;
    if (scenario.hasLeases()) {
      spread(log.topology());
      awaitLeases(best, process.moment().nanos() + scenario.longestLease() * 1000);
    } else {
      serve(best);
      spread(log.topology());
    }
  }

  private Shard ledBy(SimulatedServer server) {
    List<Node> nodes = new ArrayList<>();
    for (NodeId node : servers.keySet()) {
      nodes.add(node.equals(server.address()) ? Node.leader(node) : Node.replica(node));
    }
    return new Shard(shard.id(), shard.index(), shard.weight(), nodes, shard.epoch() + 1);
  }

  private boolean isAsSealed(Seal seal) {
    return reaches(seal.server()) && seal.server().runId().equals(seal.runId());
  }

  private boolean isKnownToAll() {
    return log.heartbeats().stream()
        .allMatch(heartbeat -> heartbeat.report().epoch() >= log.topology().epoch());
  }

  private void spread(Topology published) {
    for (SimulatedProxy proxy : proxies) {
      long delay = world.between(0, scenario.latestNews());
      world.after(
          delay,
          () -> {
            if (scenario.hasLeases()) {
              log.push(proxy);
            } else {
              proxy.learn(published);
            }
          });
    }
  }

  /** Until then somebody may take the old leader's word. */
  private void awaitLeases(Seal best, long end) {
    boolean over = process.moment().nanos() >= end || isKnownToAll();
    if (!over && hole != Hole.SERVE_AT_ONCE) {
      world.after(1_000, () -> awaitLeases(best, end));
    } else if (isAsSealed(best)) {
      serve(best);
    } else {
      failOver();
    }
  }

  private void serve(Seal best) {
    SimulatedServer server = best.server();
    server.promote();
    server.console(Words.of(SimulatedServer.MARKER.begin(shard.epoch())));
    admitted.put(server.address(), server.runId());
    switching = false;
    suspicion = 0;
    Shard published = shard;
    world.after(world.between(0, 10_000), () -> attachAfter(published));
  }

  private void attachAfter(Shard published) {
    if (switching || published.epoch() != shard.epoch()) {
      return;
    }
    attachOthers();
    rash = rogue && !rash && world.chance(scenario.rashness());
    if (rash) {
      switching = true;
      world.after(world.between(1_000, 30_000), this::failOver);
    }
  }
}
