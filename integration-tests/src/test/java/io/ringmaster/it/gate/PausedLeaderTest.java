package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** A leader that stood still during a failover answers all that waited in its sockets. */
class PausedLeaderTest {

  private static final int CONNECTIONS = 50;

  /** The settings that are said to stop a leader which lost its replicas. */
  private static final String[] LIMITS = {
    "--min-replicas-to-write", "1",
    "--min-replicas-max-lag", "1",
    "--repl-ping-replica-period", "1"
  };

  @OnEveryServer
  void pausedLeaderAnswersStaleReadsAndAcceptsWritesOnWaking(Servers servers) throws IOException {
    Server leader = servers.start(LIMITS);
    Server replica = servers.startReplicaOf(leader);
    assertThat(leader.call("SET", "key", "old")).isEqualTo("OK");
    Wait.until(() -> replica.call("GET", "key").equals("old"));
    List<Client> readers = leader.clients(CONNECTIONS);
    List<Client> writers = leader.clients(CONNECTIONS);

    leader.pause();
    for (int i = 0; i < CONNECTIONS; i++) {
      readers.get(i).send("GET", "key");
      writers.get(i).send("SET", "written:" + i, "value");
    }
    Wait.until(() -> replica.number("master_last_io_seconds_ago") >= 2);
    replica.promote();
    assertThat(replica.call("SET", "key", "new")).isEqualTo("OK");
    leader.resume();

    int stale = answered(readers, "old");
    int accepted = answered(writers, "OK");
    servers.note(stale + " stale reads, " + accepted + " accepted writes of " + CONNECTIONS);
    assertThat(stale).isEqualTo(CONNECTIONS);
    assertThat(accepted).isPositive();
    assertThat(replica.call("EXISTS", "written:0")).isEqualTo("0");
    Wait.until(() -> leader.call("SET", "key", "late").startsWith("-NOREPLICAS "));
  }

  @OnEveryServer
  void pausedLeaderCannotCompleteABarrierOnWaking(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client writer = leader.client();
    Client barrier = leader.client();

    leader.pause();
    writer.send("SET", "key", "value");
    Barrier.send(barrier, 1, 1, 50);
    replica.seal();
    leader.resume();

    assertThat(writer.receive()).isEqualTo("OK");
    assertThat(barrier.receive(3)).containsExactly("1", "0", "1 1");
    assertThat(replica.call("GET", "key")).isEqualTo("nil");
  }

  private static int answered(List<Client> clients, String expected) throws IOException {
    int count = 0;
    for (Client client : clients) {
      count += client.receive().equals(expected) ? 1 : 0;
    }
    return count;
  }
}
