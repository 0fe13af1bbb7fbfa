package io.ringmaster.cluster.simulation;

import java.util.ArrayList;
import java.util.List;

/** Connections with order inside each and none between them, delays, and one-way partitions. */
final class SimulatedNetwork {

  private record Route(SimulatedProcess from, SimulatedProcess to, int number) {}

  private final World world;
  private final double longDelays;
  private final long longest;
  private final List<Route> blocked = new ArrayList<>();
  private List<Connection<?, ?>> connections = new ArrayList<>();
  private long replicationLag;
  private int cleanAt = 64;
  private int blocks;

  /** So many of the messages take up to {@code longest} microseconds. */
  SimulatedNetwork(World world, double longDelays, long longest) {
    this.world = world;
    this.longDelays = longDelays;
    this.longest = longest;
  }

  World world() {
    return world;
  }

  /** Replication takes so many microseconds longer than anything else from now on. */
  void lagBehind(long micros) {
    replicationLag = micros;
  }

  long replicationLag() {
    return replicationLag;
  }

  <Q, R> Connection<Q, R> connect(SimulatedProcess client, SimulatedProcess server) {
    Connection<Q, R> connection = new Connection<>(this, client, server);
    connections.add(connection);
    if (connections.size() > cleanAt) {
      connections.removeIf(Connection::isClosed);
      cleanAt = 2 * connections.size() + 64;
    }
    return connection;
  }

  /** Mostly short, sometimes long: a packet that was lost is sent again after a while. */
  long delay() {
    if (world.chance(longDelays)) {
      return world.between(20_000, longest);
    }
    int dice = world.below(100);
    if (dice < 90) {
      return world.between(40, 300);
    }
    return dice < 99 ? world.between(300, 4_000) : world.between(4_000, 20_000);
  }

  long retransmission() {
    return world.between(5_000, 20_000);
  }

  void block(SimulatedProcess from, SimulatedProcess to, long micros) {
    Route route = new Route(from, to, blocks++);
    blocked.add(route);
    world.after(micros, () -> blocked.remove(route));
  }

  boolean isBlocked(SimulatedProcess from, SimulatedProcess to) {
    for (Route route : blocked) {
      if (route.from() == from && route.to() == to) {
        return true;
      }
    }
    return false;
  }

  void heal() {
    blocked.clear();
  }

  /** All connections that both ends hold to be open. */
  List<Connection<?, ?>> open() {
    return connections.stream().filter(Connection::isOpen).toList();
  }

  void died(SimulatedProcess process) {
    for (Connection<?, ?> connection : List.copyOf(connections)) {
      if (connection.joins(process)) {
        connection.closeBy(process);
      }
    }
    connections.removeIf(Connection::isClosed);
  }
}
