package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simulated servers are as unpleasant as real ones. */
class SimulatedServerTest {

  private static final long MILLISECOND = 1_000;

  private final World world = new World(1, false);
  private final SimulatedNetwork network = new SimulatedNetwork(world, 0, 1);
  private final SimulatedProcess clients = new SimulatedProcess(world, "clients");
  private final Map<NodeId, SimulatedServer> servers = new LinkedHashMap<>();
  private final SimulatedServer a = server(1);
  private final SimulatedServer b = server(2);

  private SimulatedServer server(int port) {
    NodeId node = new NodeId("redis", port);
    SimulatedServer server = new SimulatedServer(network, node, servers, Hole.NONE);
    servers.put(node, server);
    return server;
  }

  private void run() {
    world.runUntil(world.now() + 500 * MILLISECOND);
  }

  private void pair() {
    a.promote();
    b.replicaOf(a.address());
    run();
  }

  /** A connection to a server. */
  private final class Client {
    private final Connection<Words, SimulatedReply> connection;
    private final List<String> replies = new ArrayList<>();

    Client(SimulatedServer server) {
      connection = server.accept(clients);
      connection.down().receive(reply -> replies.add(reply.text()), () -> replies.add("closed"));
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

  @Test
  void aServerThatHasJustStartedServesNobody() {
    b.replicaOf(a.address());
    run();
    assertThat(new Client(a).ask("GET", "k")).startsWith("MASTERDOWN");
    assertThat(new Client(a).ask("SET", "k", "v")).startsWith("READONLY");
    assertThat(b.isSynchronizedWith(a.address())).isFalse();
  }

  @Test
  void aReplicaKeepsItsDataWhenItsLeaderIsRebornEmpty() {
    pair();
    new Client(a).ask("SET", "k", "v");
    a.crash();
    a.restart(Disk.Survival.NONE);
    run();
    assertThat(b.database().string("k")).isEqualTo("v");
    assertThat(a.runId()).isNotEqualTo("1r1");
  }

  @Test
  void waitOnAConnectionThatHasNotWrittenAnswersAtOnce() {
    pair();
    network.block(a.process(), b.process(), 10_000 * MILLISECOND);
    assertThat(new Client(a).ask("SET", "k", "v")).isEqualTo("OK");
    assertThat(new Client(a).ask("WAIT", "1", "100")).isEqualTo("1");
  }

  @Test
  void waitBlocksTheConnectionThatHasWritten() {
    pair();
    network.block(a.process(), b.process(), 10_000 * MILLISECOND);
    Client client = new Client(a);
    client.send("SET", "k", "v");
    client.send("WAIT", "1", "400");
    client.send("GET", "k");
    world.runUntil(world.now() + 300 * MILLISECOND);
    assertThat(client.replies).containsExactly("OK");
    run();
    assertThat(client.replies).containsExactly("OK", "0", "v");
  }

  @Test
  void waitLiesAfterTheServerWasReplacedAndCameBack() {
    pair();
    Client client = new Client(a);
    b.replicaOf(SimulatedServer.NOBODY);
    run();
    client.ask("SET", "k", "v");
    b.promote();
    a.replicaOf(b.address());
    Client other = new Client(b);
    for (int i = 0; i < 5; i++) {
      other.ask("SET", "other", "" + i);
    }
    b.replicaOf(SimulatedServer.NOBODY);
    a.promote();
    b.replicaOf(a.address());
    run();
    assertThat(client.ask("WAIT", "1", "100")).isEqualTo("1");
    assertThat(client.ask("GET", "k")).isEmpty();
  }

  @Test
  void whatAClosedConnectionHasSentIsExecutedUnlessItIsKilled() {
    pair();
    a.process().pause();
    Client gone = new Client(a);
    gone.send("SET", "k", "v");
    gone.connection.closeByClient();
    run();
    a.process().wake();
    run();
    assertThat(a.database().string("k")).isEqualTo("v");

    Client killed = new Client(a);
    String id = killed.ask("CLIENT", "ID");
    killed.connection.up().stall(200 * MILLISECOND);
    killed.send("SET", "k", "late");
    killed.connection.closeByClient();
    assertThat(new Client(a).ask("CLIENT", "KILL", "ID", id)).isEqualTo("1");
    run();
    assertThat(a.database().string("k")).isEqualTo("v");
  }

  @Test
  void aPausedServerExecutesWhatCameMeanwhile() {
    pair();
    Client client = new Client(a);
    client.ask("SET", "k", "v");
    a.process().pause();
    client.send("GET", "k");
    client.send("SET", "k", "w");
    run();
    b.promote();
    a.process().wake();
    run();
    assertThat(client.replies).containsExactly("OK", "v", "OK");
  }

  @Test
  void aSealedReplicaGoesOnWhereItStopped() {
    pair();
    new Client(a).ask("SET", "k", "v");
    String history = b.history().id();
    long offset = b.history().offset();
    b.replicaOf(SimulatedServer.NOBODY);
    run();
    assertThat(b.history().id()).isEqualTo(history);
    assertThat(b.history().offset()).isEqualTo(offset);
    assertThat(a.history().canContinue(history, offset)).isTrue();
  }

  @Test
  void aServerBeginsAnotherHistoryWithItsFirstReplica() {
    a.promote();
    String before = a.history().id();
    pair();
    String history = a.history().id();
    assertThat(history).isNotEqualTo(before).isEqualTo(b.history().id());
    server(3).replicaOf(a.address());
    run();
    assertThat(a.history().id()).isEqualTo(history);
  }

  @Test
  void anOldLeaderWithAnExtraWriteLosesIt() {
    pair();
    b.replicaOf(SimulatedServer.NOBODY);
    run();
    new Client(a).ask("SET", "extra", "v");
    b.promote();
    a.replicaOf(b.address());
    run();
    assertThat(a.database().string("extra")).isNull();
    assertThat(a.isSynchronizedWith(b.address())).isTrue();
  }

  @Test
  void aUserThatIsDeletedTakesItsConnectionsAlong() {
    pair();
    a.setUser("u");
    Client client = new Client(a);
    client.ask("HELLO", "u");
    a.deleteUser("u");
    assertThat(client.ask("SET", "k", "v")).isEqualTo("closed");
    assertThat(a.database().string("k")).isNull();
    assertThat(new Client(a).ask("HELLO", "u")).startsWith("WRONGPASS");
  }

  @Test
  void theMarkerBeginsOncePerEpoch() {
    pair();
    Client client = new Client(a);
    assertThat(client.ask(SimulatedServer.MARKER.advance(1))).isEqualTo("FENCED epoch false");
    assertThat(client.ask(SimulatedServer.MARKER.begin(1))).isEqualTo("2");
    assertThat(client.ask(SimulatedServer.MARKER.advance(1))).isEqualTo("1");
    assertThat(client.ask(SimulatedServer.MARKER.begin(1))).isEqualTo("0");
    assertThat(client.ask(SimulatedServer.MARKER.advance(2))).isEqualTo("FENCED epoch 1");
    assertThat(client.ask(SimulatedServer.MARKER.read())).isEqualTo("1 1");
    client.ask("FLUSHALL");
    assertThat(client.ask(SimulatedServer.MARKER.read())).isEqualTo("0 0");
  }

  @Test
  void aReplicaThatHasReconnectedMayCountTwice() {
    pair();
    Client client = new Client(a);
    client.ask("SET", "k", "v");
    Connection<?, ?> link =
        network.open().stream().filter(one -> one.joins(b.process())).findFirst().orElseThrow();
    link.up().stall(2_000 * MILLISECOND);
    link.down().cut();
    b.replicaOf(SimulatedServer.NOBODY);
    b.replicaOf(a.address());
    run();
    assertThat(client.ask("WAIT", "2", "100")).isEqualTo("2");
  }
}
