package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** A replica acknowledges to its subscribers that it has come to an advance of the marker. */
class ReplicaAckTest {

  private static final String CHANNEL = "\u0001channel";

  @OnEveryServer
  void whatAReplicaTellsOfItHoldsAndAllBefore(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client writer = leader.client();
    Client reader = replica.client();
    Client listener = subscriber(replica);

    int held = 0;
    for (int i = 1; i <= 2000; i++) {
      writer.sendTogether(
          List.of(new String[] {"SET", "key", "" + i}, Barrier.advance(1, CHANNEL, 1000 + i)));
      assertThat(listener.receive()).isEqualTo(message(1000 + i));
      boolean marked = reader.call(Barrier.read()).equals("1 " + i);
      held += marked && reader.call("GET", "key").equals("" + i) ? 1 : 0;
      assertThat(writer.receive(2)).containsExactly("OK", "" + i);
    }

    servers.note(held + " of 2000 writes held by a replica that has told");
    assertThat(held).isEqualTo(2000);
  }

  @OnEveryServer
  void itMayComeOnAConnectionOfAnyDatabase(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client writer = leader.client();
    Client listener = subscriber(replica);

    writer.call("SELECT", "3");
    assertThat(writer.call(Barrier.advance(1, CHANNEL, 7))).isEqualTo("1");
    assertThat(listener.receive()).isEqualTo(message(7));

    writer.call("SET", "key", "value");
    assertThat(leader.call(Barrier.read())).isEqualTo("1 1");
    assertThat(leader.call("GET", "key")).isEqualTo("nil");
  }

  @OnEveryServer
  void anAdvanceThatIsRefusedIsNotToldOf(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 2);
    Client listener = subscriber(replica);

    assertThat(leader.call(Barrier.advance(1, CHANNEL, 1))).isEqualTo("-FENCED epoch 2");
    assertThat(leader.call(Barrier.advance(2, CHANNEL, 2))).isEqualTo("1");

    assertThat(listener.receive()).isEqualTo(message(2));
  }

  @OnEveryServer
  void aSealedReplicaTellsOfNothingMore(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client listener = subscriber(replica);

    replica.seal();
    assertThat(leader.call(Barrier.advance(1, CHANNEL, 1))).isEqualTo("1");
    assertThat(replica.call("PUBLISH", CHANNEL, "2")).isEqualTo("1");

    assertThat(listener.receive()).isEqualTo(message(2));
  }

  @OnEveryServer
  void aReplicaThatGoesOnTellsOfWhatItHasMissed(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client listener = subscriber(replica);

    replica.seal();
    assertThat(leader.call(Barrier.advance(1, CHANNEL, 1))).isEqualTo("1");
    replica.follow(leader);

    assertThat(listener.receive()).isEqualTo(message(1));
    assertThat(leader.info("sync_partial_ok")).isEqualTo("1");
  }

  @OnEveryServer
  void itIsToldOfWhenMemoryIsExhausted(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client listener = subscriber(replica);

    leader.call("CONFIG", "SET", "maxmemory", "1");
    assertThat(leader.call("SET", "key", "value")).startsWith("-OOM ");
    assertThat(leader.call(Barrier.advance(1, CHANNEL, 1))).isEqualTo("1");

    assertThat(listener.receive()).isEqualTo(message(1));
  }

  @OnEveryServer
  void whoMayNotPublishMayAdvance(Servers servers) throws IOException {
    Server leader = servers.start();
    Server replica = servers.startReplicaOf(leader);
    Barrier.begin(leader, 1);
    Client listener = subscriber(replica);
    leader.call("ACL", "SETUSER", "mute", "reset", "on", ">secret", "~*", "resetchannels", "+@all");
    Client mute = leader.client("mute", "secret");

    assertThat(mute.call(Barrier.advance(1, CHANNEL, 1))).isEqualTo("1");
    assertThat(leader.call(Barrier.advance(1, CHANNEL, 2))).isEqualTo("2");

    assertThat(listener.receive()).isEqualTo(message(2));
  }

  private static Client subscriber(Server replica) throws IOException {
    Client listener = replica.client();
    assertThat(listener.call("SUBSCRIBE", CHANNEL)).isEqualTo("[subscribe, " + CHANNEL + ", 1]");
    return listener;
  }

  private static String message(long sequence) {
    return "[message, " + CHANNEL + ", " + sequence + "]";
  }
}
