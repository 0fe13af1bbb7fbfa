package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The simulated servers are as unpleasant as real ones. */
class SimulatedServerTest {

  private static final long MILLISECOND = 1_000;

  private final ServerTestbed testbed = new ServerTestbed();
  private final SimulatedNetwork network = testbed.network();
  private final SimulatedServer a = testbed.server(1, ServerConfiguration.FENCED);
  private final SimulatedServer b = testbed.server(2, ServerConfiguration.FENCED);

  private void pair() {
    a.promote();
    b.replicaOf(a.address());
    testbed.run();
  }

  @Test
  void aServerThatHasJustStartedServesNobody() {
    b.replicaOf(a.address());
    testbed.run();
    assertThat(testbed.client(a).ask("GET", "k")).startsWith("MASTERDOWN");
    assertThat(testbed.client(a).ask("SET", "k", "v")).startsWith("READONLY");
    assertThat(b.isSynchronizedWith(a.address())).isFalse();
  }

  @Test
  void aReplicaKeepsItsDataWhenItsLeaderIsRebornEmpty() {
    pair();
    testbed.client(a).ask("SET", "k", "v");
    a.crash();
    a.restart(Disk.Survival.NONE);
    testbed.run();
    assertThat(b.database().string("k")).isEqualTo("v");
    assertThat(a.runId()).isNotEqualTo("1r1");
  }

  @Test
  void waitOnAConnectionThatHasNotWrittenAnswersAtOnce() {
    pair();
    network.block(a.process(), b.process(), 10_000 * MILLISECOND);
    assertThat(testbed.client(a).ask("SET", "k", "v")).isEqualTo("OK");
    assertThat(testbed.client(a).ask("WAIT", "1", "100")).isEqualTo("1");
  }

  @Test
  void waitBlocksTheConnectionThatHasWritten() {
    pair();
    network.block(a.process(), b.process(), 10_000 * MILLISECOND);
    ServerTestbed.Client client = testbed.client(a);
    client.send("SET", "k", "v");
    client.send("WAIT", "1", "400");
    client.send("GET", "k");
    testbed.run(300 * MILLISECOND);
    assertThat(client.replies()).containsExactly("OK");
    testbed.run();
    assertThat(client.replies()).containsExactly("OK", "0", "v");
  }

  @Test
  void waitLiesAfterTheServerWasReplacedAndCameBack() {
    pair();
    ServerTestbed.Client client = testbed.client(a);
    b.replicaOf(SimulatedServer.NOBODY);
    testbed.run();
    client.ask("SET", "k", "v");
    b.promote();
    a.replicaOf(b.address());
    ServerTestbed.Client other = testbed.client(b);
    for (int i = 0; i < 5; i++) {
      other.ask("SET", "other", "" + i);
    }
    b.replicaOf(SimulatedServer.NOBODY);
    a.promote();
    b.replicaOf(a.address());
    testbed.run();
    assertThat(client.ask("WAIT", "1", "100")).isEqualTo("1");
    assertThat(client.ask("GET", "k")).isEmpty();
  }

  @Test
  void whatAClosedConnectionHasSentIsExecutedUnlessItIsKilled() {
    pair();
    a.process().pause();
    ServerTestbed.Client gone = testbed.client(a);
    gone.send("SET", "k", "v");
    gone.connection().closeByClient();
    testbed.run();
    a.process().wake();
    testbed.run();
    assertThat(a.database().string("k")).isEqualTo("v");

    ServerTestbed.Client killed = testbed.client(a);
    String id = killed.ask("CLIENT", "ID");
    killed.connection().up().stall(200 * MILLISECOND);
    killed.send("SET", "k", "late");
    killed.connection().closeByClient();
    assertThat(testbed.client(a).ask("CLIENT", "KILL", "ID", id)).isEqualTo("1");
    testbed.run();
    assertThat(a.database().string("k")).isEqualTo("v");
  }

  @Test
  void aPausedServerExecutesWhatCameMeanwhile() {
    pair();
    ServerTestbed.Client client = testbed.client(a);
    client.ask("SET", "k", "v");
    a.process().pause();
    client.send("GET", "k");
    client.send("SET", "k", "w");
    testbed.run();
    b.promote();
    a.process().wake();
    testbed.run();
    assertThat(client.replies()).containsExactly("OK", "v", "OK");
  }

  @Test
  void aSealedReplicaGoesOnWhereItStopped() {
    pair();
    testbed.client(a).ask("SET", "k", "v");
    String history = b.history().id();
    long offset = b.history().offset();
    b.replicaOf(SimulatedServer.NOBODY);
    testbed.run();
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
    testbed.server(3, ServerConfiguration.FENCED).replicaOf(a.address());
    testbed.run();
    assertThat(a.history().id()).isEqualTo(history);
  }

  @Test
  void anOldLeaderWithAnExtraWriteLosesIt() {
    pair();
    b.replicaOf(SimulatedServer.NOBODY);
    testbed.run();
    testbed.client(a).ask("SET", "extra", "v");
    b.promote();
    a.replicaOf(b.address());
    testbed.run();
    assertThat(a.database().string("extra")).isNull();
    assertThat(a.isSynchronizedWith(b.address())).isTrue();
  }

  @Test
  void aUserThatIsDeletedTakesItsConnectionsAlong() {
    pair();
    a.setUser("u");
    ServerTestbed.Client client = testbed.client(a);
    client.ask("HELLO", "u");
    a.deleteUser("u");
    assertThat(client.ask("SET", "k", "v")).isEqualTo("closed");
    assertThat(a.database().string("k")).isNull();
    assertThat(testbed.client(a).ask("HELLO", "u")).startsWith("WRONGPASS");
  }

  @Test
  void theMarkerBeginsOncePerEpoch() {
    pair();
    ServerTestbed.Client client = testbed.client(a);
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
    ServerTestbed.Client client = testbed.client(a);
    client.ask("SET", "k", "v");
    Connection<?, ?> link =
        network.open().stream().filter(one -> one.joins(b.process())).findFirst().orElseThrow();
    link.up().stall(2_000 * MILLISECOND);
    link.down().cut();
    b.replicaOf(SimulatedServer.NOBODY);
    b.replicaOf(a.address());
    testbed.run();
    assertThat(client.ask("WAIT", "2", "100")).isEqualTo("2");
  }
}
