package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** A tiny write, {@code WAIT} and a second look at the epoch, on a connection of its own. */
class BarrierTest {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int IMPATIENCE_MILLIS = 50;
  private static final int BARRIERS = 500;
  private static final String[] INFO = {"INFO", "replication"};
  private static final String[] WAIT = {"WAIT", "1", "" + PATIENCE_MILLIS};

  @OnEveryServer
  void barrierCoversAllThatWasAnsweredBeforeIt(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client writer = leader.client();
    Client barrier = leader.client();

    int covered = 0;
    for (int i = 1; i <= 2000; i++) {
      assertThat(writer.call("SET", "key", "" + i)).isEqualTo("OK");
      assertThat(Barrier.run(barrier, 1, 1, PATIENCE_MILLIS)).containsExactly("" + i, "1", "1");
      covered += replica.call("GET", "key").equals("" + i) ? 1 : 0;
    }

    servers.note(covered + " of 2000 writes covered by the next barrier");
    assertThat(covered).isEqualTo(2000);
  }

  @OnEveryServer
  void writeIsAnsweredAndReadBeforeAnyReplicaHasIt(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);

    replica.pause();

    assertThat(leader.call("SET", "key", "value")).isEqualTo("OK");
    assertThat(leader.client().call("GET", "key")).isEqualTo("value");
    assertThat(acknowledged(leader.call(INFO), replica))
        .isLessThan(leader.number("master_repl_offset"));
  }

  @OnEveryServer
  void barrierIsNotAcknowledgedByAStoppedReplica(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);

    replica.pause();

    assertThat(Barrier.run(leader.client(), 1, 1, IMPATIENCE_MILLIS))
        .containsExactly("1", "0", "1");
  }

  @OnEveryServer
  void waitOfAConnectionThatDidNotWriteCountsAStoppedReplica(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Client writer = leader.client();

    replica.pause();
    writer.call("SET", "key", "value");

    assertThat(leader.client().call("WAIT", "1", "" + PATIENCE_MILLIS)).isEqualTo("1");
    assertThat(writer.call("WAIT", "1", "" + IMPATIENCE_MILLIS)).isEqualTo("0");
  }

  @OnEveryServer
  void waitIsForThePlaceBehindTheLastCommandOfItsConnectionUntil72(Servers servers)
      throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Client client = leader.client();
    client.call("SET", "key", "value");
    assertThat(client.call(WAIT)).isEqualTo("1");

    replica.pause();
    leader.client().call("SET", "other", "value");

    assertThat(client.call("GET", "key")).isEqualTo("value");
    String lastWriteOnly = servers.candidate().isBefore(7, 2) ? "0" : "1";
    assertThat(client.call("WAIT", "1", "" + IMPATIENCE_MILLIS)).isEqualTo(lastWriteOnly);
  }

  @OnEveryServer
  void waitOfAConnectionThatWroteBeforeAFailoverCountsReplicasThatLackItsWrite(Servers servers)
      throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Client writer = leader.client();

    replica.seal();
    assertThat(writer.call("SET", "key", "lost")).isEqualTo("OK");
    failOverAndBack(leader, replica);

    assertThat(writer.call("WAIT", "1", "" + PATIENCE_MILLIS)).isEqualTo("1");
    assertThat(writer.call("GET", "key")).isEqualTo("nil");
  }

  @OnEveryServer
  void secondLookAtTheEpochNoticesAFailoverInTheMiddleOfABarrier(Servers servers)
      throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client barrier = leader.client();

    replica.seal();
    assertThat(barrier.call(Barrier.advance(1))).isEqualTo("1");
    failOverAndBack(leader, replica);

    assertThat(barrier.call("WAIT", "1", "" + PATIENCE_MILLIS)).isEqualTo("1");
    assertThat(barrier.call(Barrier.read())).startsWith("2 ");
  }

  @OnEveryServer
  void barrierOfAnotherEpochIsRefused(Servers servers) throws IOException {
    Server leader = servers.start();

    assertThat(leader.call(Barrier.advance(1))).isEqualTo("-FENCED epoch false");
    Barrier.begin(leader, 2);
    assertThat(leader.call(Barrier.advance(1))).isEqualTo("-FENCED epoch 2");
    assertThat(leader.call(Barrier.advance(2))).isEqualTo("1");
  }

  @OnEveryServer
  void offsetOfInfoInOnePieceWithTheScriptIsTheScriptsOffset(Servers servers) throws IOException {
    Offsets offsets = offsets(servers, Client::sendTogether);

    assertThat(offsets.reported()).isEqualTo(offsets.real());
  }

  @OnEveryServer
  void offsetOfInfoInAnotherPieceThanTheScriptIsNotLess(Servers servers) throws IOException {
    Offsets offsets =
        offsets(
            servers,
            (client, requests) -> {
              for (String[] request : requests) {
                client.send(request);
              }
            });

    int more = 0;
    for (int i = 0; i < BARRIERS; i++) {
      assertThat(offsets.reported().get(i)).isGreaterThanOrEqualTo(offsets.real().get(i));
      more += offsets.reported().get(i) > offsets.real().get(i) ? 1 : 0;
    }
    servers.note(more + " of " + BARRIERS + " offsets larger when sent in two pieces");
  }

  @OnEveryServer
  void infoNamesTheReplicasThatHoldTheOffsetOfABarrier(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Server stopped = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    stopped.pause();
    Client barrier = leader.client();

    barrier.sendTogether(List.of(Barrier.advance(1), INFO, WAIT, INFO));
    barrier.receive();
    long offset = Long.parseLong(Server.field(barrier.receive(), "master_repl_offset"));
    assertThat(barrier.receive()).isEqualTo("1");
    String info = barrier.receive();

    assertThat(acknowledged(info, replica)).isGreaterThanOrEqualTo(offset);
    assertThat(acknowledged(info, stopped)).isLessThan(offset);
  }

  @OnEveryServer
  void waitForTheDiskIsKnownFrom72(Servers servers) throws IOException {
    Server leader = servers.start();
    leader.call("SET", "key", "value");

    String reply = leader.call("WAITAOF", "1", "0", "" + PATIENCE_MILLIS);

    if (servers.candidate().isBefore(7, 2)) {
      assertThat(reply).startsWith("-ERR unknown command");
    } else {
      assertThat(reply).isEqualTo("[1, 0]");
    }
  }

  /** What INFO reports behind each barrier, and where the barriers end in the stream. */
  private record Offsets(List<Long> reported, List<Long> real) {}

  private interface Sending {
    void send(Client client, List<String[]> requests) throws IOException;
  }

  private static Offsets offsets(Servers servers, Sending sending) throws IOException {
    Server leader = servers.start();
    Barrier.begin(leader, 1);
    Client barrier = leader.client();
    ReplicationStream stream = new ReplicationStream(leader);
    List<Long> reported = new ArrayList<>();
    try (Load load = new Load(leader)) {
      load.awaitBegin();
      for (int i = 0; i < BARRIERS; i++) {
        sending.send(barrier, List.of(Barrier.advance(1), INFO));
        barrier.receive();
        reported.add(Long.parseLong(Server.field(barrier.receive(), "master_repl_offset")));
      }
    }
    return new Offsets(reported, stream.endsOfRaises(BARRIERS));
  }

  /** The replica leads at epoch 2 and writes more than the old leader had; then they swap back. */
  private static void failOverAndBack(Server leader, Server replica) throws IOException {
    replica.promote();
    Barrier.begin(replica, 2);
    leader.follow(replica);
    replica.call("SET", "filler", "x".repeat(10_000));
    Wait.until(() -> leader.call("EXISTS", "filler").equals("1"));
    leader.promote();
    replica.follow(leader);
  }

  private static long acknowledged(String info, Server replica) {
    return info.lines()
        .filter(line -> line.contains("port=" + replica.port() + ","))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*offset=(\\d+).*", "$1")))
        .findFirst()
        .orElseThrow();
  }

  /** Writes on other connections until it is closed. */
  private static final class Load implements AutoCloseable {

    private static final int PIPELINE = 20;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

    Load(Server server) throws IOException {
      this.server = server;
      for (Client client : server.clients(4)) {
        threads.execute(() -> write(client));
      }
    }

    void awaitBegin() {
      Wait.until(() -> server.call("EXISTS", "writes").equals("1"));
    }

    private void write(Client client) {
      try {
        while (!ended.get()) {
          client.sendTimes(PIPELINE, "INCR", "writes");
          client.receive(PIPELINE);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      ended.set(true);
      threads.close();
    }
  }
}
