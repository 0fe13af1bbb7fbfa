package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Simulated servers without coordinators, and clients that talk to them directly. */
final class ServerTestbed {

  private final World world = new World(1, false);
  private final SimulatedNetwork network = new SimulatedNetwork(world, 0, 1);
  private final SimulatedProcess clients = new SimulatedProcess(world, "clients");
  private final Map<NodeId, SimulatedServer> servers = new LinkedHashMap<>();

  SimulatedNetwork network() {
    return network;
  }

  SimulatedServer server(int port, ServerConfiguration configuration) {
    NodeId node = new NodeId("redis", port);
    SimulatedServer server = new SimulatedServer(network, node, servers, configuration);
    servers.put(node, server);
    return server;
  }

  Client client(SimulatedServer server) {
    return new Client(server);
  }

  /** Lets everything happen that is on its way. */
  void run() {
    run(500_000);
  }

  void run(long micros) {
    world.runUntil(world.now() + micros);
  }

  /** A connection to a server. */
  final class Client {
    private final Connection<Words, SimulatedReply> connection;
    private final List<String> replies = new ArrayList<>();

    private Client(SimulatedServer server) {
      connection = server.accept(clients);
      connection.down().receive(reply -> replies.add(reply.text()), () -> replies.add("closed"));
    }

    Connection<Words, SimulatedReply> connection() {
      return connection;
    }

    /** All replies so far, and {@code closed} if the connection was. */
    List<String> replies() {
      return replies;
    }

    void send(String... words) {
      connection.up().send(Words.writing(words));
    }

    String ask(String... words) {
      send(words);
      run();
      return replies.getLast();
    }

    String ask(OwnRequest request) {
      connection.up().send(Words.of(request));
      run();
      return replies.getLast();
    }
  }
}
