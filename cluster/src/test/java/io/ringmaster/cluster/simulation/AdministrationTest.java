package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users, transactions and settings of simulated servers are like those of real ones. */
class AdministrationTest {

  private final World world = new World(1, false);
  private final SimulatedNetwork network = new SimulatedNetwork(world, 0, 1);
  private final SimulatedProcess clients = new SimulatedProcess(world, "clients");
  private final Map<NodeId, SimulatedServer> servers = new LinkedHashMap<>();
  private final SimulatedServer leader = server(1);
  private final SimulatedServer replica = server(2);
  private final Client atLeader = new Client(leader);
  private final Client atReplica = new Client(replica);

  private SimulatedServer server(int port) {
    NodeId node = new NodeId("redis", port);
    SimulatedServer server =
        new SimulatedServer(network, node, servers, ServerConfiguration.ORDINARY);
    servers.put(node, server);
    return server;
  }

  private void run() {
    world.runUntil(world.now() + 500_000);
  }

  /** A connection to a server. */
  private final class Client {
    private final Connection<Words, SimulatedReply> connection;
    private final List<String> replies = new ArrayList<>();

    Client(SimulatedServer server) {
      connection = server.accept(clients);
      connection.down().receive(reply -> replies.add(reply.text()), () -> replies.add("closed"));
    }

    String ask(String... words) {
      connection.up().send(Words.writing(words));
      run();
      return replies.getLast();
    }
  }

  private void follow(String password) {
    atReplica.ask("CONFIG", "SET", "masteruser", "r");
    atReplica.ask("CONFIG", "SET", "masterauth", password);
    atReplica.ask("REPLICAOF", "redis", "1");
  }

  @Test
  void aReplicaLogsInAtItsLeader() {
    atLeader.ask("ACL", "SETUSER", "r", "reset", "on", ">secret");
    atLeader.ask("SET", "k", "v");
    follow("wrong");
    assertThat(atReplica.ask("INFO", "replication")).contains("master_link_status:down");
    follow("secret");
    assertThat(atReplica.ask("INFO", "replication")).contains("master_link_status:up");
    assertThat(replica.database().string("k")).isEqualTo("v");
  }

  @Test
  void aUserThatIsDeletedTakesItsReplicasAlong() {
    atLeader.ask("ACL", "SETUSER", "r", "reset", "on", ">secret");
    follow("secret");
    atLeader.ask("ACL", "DELUSER", "r");
    atLeader.ask("SET", "k", "v");
    assertThat(atReplica.ask("INFO", "replication")).contains("master_link_status:down");
    assertThat(replica.database().string("k")).isNull();
  }

  @Test
  void aLeaderThatWasRestartedIsNotFollowed() {
    atLeader.ask("ACL", "SETUSER", "r", "reset", "on", ">secret");
    follow("secret");
    atLeader.ask("SET", "k", "v");
    leader.crash();
    leader.restart(Disk.Survival.NONE);
    run();
    assertThat(replica.isSynchronizedWith(leader.address())).isFalse();
    assertThat(replica.database().string("k")).isEqualTo("v");
    assertThat(leader.following()).isNull();
  }

  @Test
  void evenADurableServerForgetsWhileItsFileIsWrittenAnewAfterAFullCopy() {
    NodeId node = new NodeId("redis", 3);
    SimulatedServer durable =
        new SimulatedServer(network, node, servers, ServerConfiguration.DURABLE);
    servers.put(node, durable);
    Client atDurable = new Client(durable);
    atDurable.ask("SET", "old", "v");
    atLeader.ask("SET", "new", "v");
    atDurable.connection.up().send(Words.writing("REPLICAOF", "redis", "1"));
    while (durable.database().string("new") == null) {
      world.runUntil(world.now() + 100);
    }
    durable.crash();
    durable.restart(Disk.Survival.ALL);
    assertThat(durable.database().string("old")).isEqualTo("v");
    assertThat(durable.database().string("new")).isNull();
  }

  @Test
  void killingTheConnectionsOfAUserMaySpareOnesOwn() {
    atLeader.ask("ACL", "SETUSER", "u", "reset", "on", ">secret");
    Client other = new Client(leader);
    other.ask("AUTH", "u", "secret");
    atLeader.ask("AUTH", "u", "secret");
    assertThat(atLeader.ask("CLIENT", "KILL", "USER", "u", "SKIPME", "yes")).isEqualTo("1");
    assertThat(other.replies).endsWith("closed");
    assertThat(atLeader.ask("GET", "k")).isEmpty();
  }

  @Test
  void aTransactionHappensWhenItEnds() {
    atLeader.ask("MULTI");
    assertThat(atLeader.ask("SET", "k", "v")).isEqualTo("QUEUED");
    assertThat(leader.database().string("k")).isNull();
    atLeader.ask("EXEC");
    assertThat(leader.database().string("k")).isEqualTo("v");
  }
}
