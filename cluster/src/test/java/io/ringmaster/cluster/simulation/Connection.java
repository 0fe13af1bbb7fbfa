package io.ringmaster.cluster.simulation;

/**
 * A connection between two processes. A closed socket is not a dead request: what the client sent
 * before it closed still arrives, unless the server closes too.
 */
final class Connection<Q, R> {

  private static final long NOTICED_LATEST = 300_000;

  private final SimulatedProcess client;
  private final SimulatedProcess server;
  private final Pipe<Q> up;
  private final Pipe<R> down;
  private boolean clientClosed;
  private boolean serverClosed;

  Connection(SimulatedNetwork network, SimulatedProcess client, SimulatedProcess server) {
    this.client = client;
    this.server = server;
    this.up = new Pipe<>(network, client, server);
    this.down = new Pipe<>(network, server, client);
  }

  Pipe<Q> up() {
    return up;
  }

  Pipe<R> down() {
    return down;
  }

  boolean joins(SimulatedProcess process) {
    return client == process || server == process;
  }

  boolean isClosed() {
    return clientClosed && serverClosed;
  }

  boolean isOpen() {
    return !clientClosed && !serverClosed;
  }

  void closeByClient() {
    clientClosed = true;
    down.cut();
    up.end(0);
  }

  void closeByServer() {
    serverClosed = true;
    up.cut();
    down.end(0);
  }

  /** The process at one end has died. */
  void closeBy(SimulatedProcess process) {
    if (client == process) {
      closeByClient();
    } else {
      closeByServer();
    }
  }

  /** The network loses it; both ends find that out, each in its time. */
  void lose(World world) {
    up.loseSome(world);
    up.end(world.between(0, NOTICED_LATEST));
    down.loseSome(world);
    down.end(world.between(0, NOTICED_LATEST / 10));
    clientClosed = true;
    serverClosed = true;
  }

  /** Holds back what one of the two sends next. */
  void stall(World world, long micros) {
    if (world.chance(0.5)) {
      up.stall(micros);
    } else {
      down.stall(micros);
    }
  }

  @Override
  public String toString() {
    return client + " to " + server;
  }
}
