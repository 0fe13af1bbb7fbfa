package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server has received runs even when nobody listens any more, unless its connection is ended
 * by the server.
 */
class ConnectionFenceTest {

  private static final int CONNECTIONS = 20;
  private static final int COMMANDS = 1000;

  @OnEveryServer
  void nothingQueuedRunsOnceItsUserIsDeleted(Servers servers) throws IOException {
    Server server = servers.start();
    List<Client> clients = users(server);

    long executed = executedAtFence(servers, server, clients, List.of("ACL DELUSER data"));

    assertNothingMoreRuns(server, clients, executed);
    assertThat(server.client().call("AUTH", "data", "secret")).startsWith("-WRONGPASS ");
  }

  @OnEveryServer
  void nothingQueuedRunsOnceItsConnectionIsKilled(Servers servers) throws IOException {
    Server server = servers.start();
    List<Client> clients = users(server);
    List<String> kills = new ArrayList<>();
    for (Client client : clients) {
      kills.add("CLIENT KILL ID " + client.call("CLIENT", "ID"));
    }

    long executed = executedAtFence(servers, server, clients, kills);

    assertNothingMoreRuns(server, clients, executed);
  }

  @OnEveryServer
  void sealAndKillOfAUsersConnectionsAreOneStep(Servers servers) throws IOException {
    Server server = servers.start();
    List<Client> clients = users(server);
    List<String> seal = List.of("MULTI", "REPLICAOF 127.0.0.1 1", "CLIENT KILL USER data", "EXEC");

    long executed = executedAtFence(servers, server, clients, seal);

    assertNothingMoreRuns(server, clients, executed);
  }

  @OnEveryServer
  void withoutAFenceAllQueuedCommandsRun(Servers servers) throws IOException {
    Server server = servers.start();
    List<Client> clients = users(server);

    executedAtFence(servers, server, clients, List.of("PING"));
    for (Client client : clients) {
      client.receive(2 * COMMANDS);
    }

    assertThat(count(server)).isEqualTo(2 * CONNECTIONS * COMMANDS);
  }

  @OnEveryServer
  void commandsOfClosedConnectionsRunAllTheSame(Servers servers) throws IOException {
    Server server = servers.start();
    List<Client> clients = users(server);

    server.pause();
    for (Client client : clients) {
      client.send("INCR", "count");
      client.close();
    }
    server.resume();

    Wait.until(() -> count(server) == CONNECTIONS);
  }

  private static List<Client> users(Server server) throws IOException {
    server.call("ACL", "SETUSER", "data", "on", ">secret", "~*", "+incr", "+client");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      clients.add(server.client("data", "secret"));
    }
    return clients;
  }

  /**
   * Stops the server, queues commands on all connections, half of them before the fence, half of
   * them behind it, and lets it go on.
   *
   * @return how many had run when the fence had been drawn
   */
  private static long executedAtFence(
      Servers servers, Server server, List<Client> clients, List<String> fence) throws IOException {
    Client admin = server.client();
    server.pause();
    for (Client client : clients) {
      client.sendTimes(COMMANDS, "INCR", "count");
    }
    for (String request : fence) {
      admin.send(request.split(" "));
    }
    admin.send("GET", "count");
    for (Client client : clients) {
      client.sendTimes(COMMANDS, "INCR", "count");
    }
    server.resume();
    assertThat(admin.receive(fence.size())).noneMatch(reply -> reply.startsWith("-"));
    String count = admin.receive();
    servers.note(count + " commands had run at " + fence.getLast());
    return count.equals("nil") ? 0 : Long.parseLong(count);
  }

  private static void assertNothingMoreRuns(Server server, List<Client> clients, long executed)
      throws IOException {
    for (Client client : clients) {
      client.receiveUntilEnded();
    }
    assertThat(executed).isLessThan(2 * CONNECTIONS * COMMANDS);
    assertThat(count(server)).isEqualTo(executed);
  }

  private static long count(Server server) throws IOException {
    String count = server.call("GET", "count");
    return count.equals("nil") ? 0 : Long.parseLong(count);
  }
}
