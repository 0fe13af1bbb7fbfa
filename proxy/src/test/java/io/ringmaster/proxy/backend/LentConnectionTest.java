package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.proxy.wire.FakeServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are lent to one large request at a time. */
@Timeout(60)
class LentConnectionTest {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Lane LANE = ServedPool.LANE;

  private static final List<String> KILL = List.of("CLIENT", "KILL", "ID", "102");

  private final ServedPool served = new ServedPool(LONG, LONG, () -> {});
  private final FakeServer server = served.server();
  private final List<String> heard = served.heard();

  @AfterEach
  void stop() {
    served.close();
  }

  private void send(Lane lane, String name) {
    served.send(lane, OwnRequest.writing("SET", name, ""), served.hearing(name));
  }

  private Lane lend() {
    return served.call(() -> served.pool().lend(served.node(), LANE));
  }

  private void follow(long epoch) {
    Shard shard = Shard.of("s1", served.node());
    Topology next = Topology.initial(List.of(new Shard("s1", 0, 1, shard.nodes(), epoch)));
    served.run(() -> served.pool().follow(next));
  }

  @Test
  void oneThatCarriesNothingIsLentFirst() {
    send(lend(), "a");
    FakeServer.Exchange first = server.next();
    send(lend(), "b");
    FakeServer.Exchange second = server.next();
    assertThat(server.connections()).isEqualTo(2);
    first.reply("+OK\r\n");
    await().until(() -> heard.contains("a OK"));
    assertThat(lend()).isEqualTo(LANE.numbered(1));
    send(lend(), "c");
    server.next().reply("+OK\r\n");
    second.reply("+OK\r\n");
    await().until(() -> heard.size() == 3);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void anotherEpochEndsIt() {
    follow(1);
    send(lend(), "a");
    server.next();
    follow(2);
    await().until(() -> heard.contains("a OUTCOME_UNKNOWN"));
    await().until(() -> server.openConnections() == 0);
  }

  @Test
  void whatALostOneHasLeftInTheServerIsEndedBeforeAnythingElseIsSent() {
    send(LANE, "a");
    server.next().reply("+OK\r\n");
    send(lend(), "b");
    server.next().hangUp();
    await().until(() -> heard.contains("b OUTCOME_UNKNOWN"));
    send(LANE, "c");
    server.next().reply("+OK\r\n");
    await().until(() -> heard.contains("c OK"));
    assertThat(server.greetings()).contains(KILL);
  }

  @Test
  void alsoIfTheSharedOneIsNotOpenYet() {
    send(lend(), "a");
    server.next().hangUp();
    await().until(() -> heard.contains("a OUTCOME_UNKNOWN"));
    send(LANE, "b");
    server.next().reply("+OK\r\n");
    await().until(() -> heard.contains("b OK"));
    assertThat(server.greetings()).contains(List.of("CLIENT", "KILL", "ID", "101"));
  }

  @Test
  void itIsEndedOnEveryOtherOneBeforeAnythingElseIsSentThere() {
    send(lend(), "a");
    FakeServer.Exchange first = server.next();
    send(lend(), "b");
    server.next();
    first.hangUp();
    await().until(() -> heard.contains("a OUTCOME_UNKNOWN"));
    send(LANE.numbered(2), "c");
    assertThat(server.next().words()).contains("c");
    assertThat(server.greetings()).contains(List.of("CLIENT", "KILL", "ID", "101"));
  }

  @Test
  void aServerThatRefusesToEndItIsNotUsed() {
    server.greet("KILL", "-NOPERM no permission\r\n");
    send(LANE, "a");
    server.next().reply("+OK\r\n");
    send(LANE, "b");
    server.next().hangUp();
    await().until(() -> heard.contains("b OUTCOME_UNKNOWN"));
    send(LANE, "c");
    await().until(() -> heard.contains("c NOT_SENT"));
    assertThat(server.greetings()).contains(List.of("CLIENT", "KILL", "ID", "101"));
    assertThat(server.received()).hasSize(2);
  }
}
