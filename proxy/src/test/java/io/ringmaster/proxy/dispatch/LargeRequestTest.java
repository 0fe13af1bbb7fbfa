package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that takes long only because it is large. */
@Timeout(60)
class LargeRequestTest {

  private static final String LARGE = "v".repeat(8_000_000);
  private static final String SCRIPT = "return 1";
  private static final String DIGEST = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";

  private final CompletableFuture<Void> gate = new CompletableFuture<>();
  private FakeShards shards = new FakeShards(2, "backend.reply-timeout=10m");
  private FakeServer server = shards.server(0);
  private String key = shards.key(0);

  @AfterEach
  void stop() {
    gate.complete(null);
    shards.close();
  }

  private void begin(String... settings) {
    shards.close();
    shards = new FakeShards(2, settings);
    server = shards.server(0);
    key = shards.key(0);
  }

  private static String set(String key, String value) {
    return "*3\r\n$3\r\nSET\r\n" + FakeServer.bulk(key) + FakeServer.bulk(value);
  }

  /** A client whose large request is on its way. */
  private RawClient sending() {
    int before = server.connections();
    RawClient client = shards.client().send(set(key, LARGE));
    await().until(() -> server.connections() > before);
    return client;
  }

  /** When another client has got an answer, what was sent before is read. */
  private void untilRead() {
    assertThat(shards.client().call("PING")).isEqualTo("+PONG\r\n");
  }

  private Exchange next(String command) {
    Exchange next = server.next();
    assertThat(next.words().getFirst()).isEqualTo(command);
    return next;
  }

  @Test
  void othersAreAnsweredWhileItIsOnItsWay() {
    server.takeLargeAfter(gate).alwaysReply("+OK\r\n");
    RawClient client = sending();
    RawClient other = shards.client();
    for (int i = 0; i < 20; i++) {
      assertThat(other.call("SET " + key + " " + i)).isEqualTo("+OK\r\n");
    }
    assertThat(server.received()).extracting(List::getLast).doesNotContain(LARGE);
    gate.complete(null);
    assertThat(client.reply()).isEqualTo("+OK\r\n");
    assertThat(server.received()).extracting(List::getLast).last().isEqualTo(LARGE);
  }

  @Test
  void theOrderOfItsClientIsKept() {
    RawClient client = shards.client();
    client.send("INCR " + key + "\r\n" + set(key, LARGE) + "GET " + key + "\r\n");
    Exchange before = next("INCR");
    untilRead();
    assertThat(server.received()).hasSize(1);
    before.reply(":1\r\n");
    Exchange large = next("SET");
    untilRead();
    assertThat(server.received()).hasSize(2);
    large.reply("+OK\r\n");
    next("GET").reply("+large\r\n");
    assertThat(client.reply()).isEqualTo(":1\r\n");
    assertThat(client.reply()).isEqualTo("+OK\r\n");
    assertThat(client.reply()).isEqualTo("+large\r\n");
  }

  @Test
  void noMoreConnectionsThanConfiguredAreLent() {
    begin("backend.large.connections=2", "backend.reply-timeout=10m");
    server.takeLargeAfter(gate).alwaysReply("+OK\r\n");
    List<RawClient> clients = Stream.of(sending(), sending()).toList();
    List<RawClient> later =
        Stream.generate(() -> shards.client().send(set(key, LARGE))).limit(3).toList();
    untilRead();
    assertThat(server.connections()).isEqualTo(2);
    gate.complete(null);
    clients.forEach(client -> assertThat(client.reply()).isEqualTo("+OK\r\n"));
    later.forEach(client -> assertThat(client.reply()).isEqualTo("+OK\r\n"));
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aConnectionIsLentAgainAndClosedWhenNobodyNeedsIt() {
    begin("backend.large.idle=300ms");
    server.alwaysReply("+OK\r\n");
    RawClient client = shards.client();
    assertThat(client.send(set(key, LARGE)).reply()).isEqualTo("+OK\r\n");
    assertThat(client.call("SET " + key + " v")).isEqualTo("+OK\r\n");
    await().until(() -> server.openConnections() == 1);
    assertThat(client.send(set(key, LARGE)).reply()).isEqualTo("+OK\r\n");
    assertThat(client.call("SET " + key + " v")).isEqualTo("+OK\r\n");
    assertThat(server.connections()).isEqualTo(3);
  }

  @Test
  void thePartsOfOneCommandTravelApart() {
    server.takeLargeAfter(gate).alwaysReply("+OK\r\n");
    shards.server(1).alwaysReply("+OK\r\n");
    String other = shards.key(1);
    RawClient client =
        shards
            .client()
            .send("*5\r\n$4\r\nMSET\r\n" + FakeServer.bulk(key) + FakeServer.bulk(LARGE))
            .send(FakeServer.bulk(other) + FakeServer.bulk("small"));
    await().until(() -> server.connections() == 1);
    assertThat(shards.client().call("SET " + key + " v")).isEqualTo("+OK\r\n");
    assertThat(shards.client().call("SET " + other + " v")).isEqualTo("+OK\r\n");
    gate.complete(null);
    assertThat(client.reply()).isEqualTo("+OK\r\n");
  }

  @Test
  void aScriptIsKnownToItsConnectionToo() {
    server.alwaysReply(":1\r\n");
    RawClient client = shards.client();
    client.send("*3\r\n$4\r\nEVAL\r\n" + FakeServer.bulk(SCRIPT) + FakeServer.bulk("0"));
    assertThat(client.reply()).isEqualTo(":1\r\n");
    client.send("*5\r\n$7\r\nEVALSHA\r\n" + FakeServer.bulk(DIGEST) + FakeServer.bulk("1"));
    client.send(FakeServer.bulk(key) + FakeServer.bulk(LARGE));
    assertThat(client.reply()).isEqualTo(":1\r\n");
    assertThat(server.received().getLast()).containsExactly("EVAL", SCRIPT, "1", key, LARGE);
  }

  @Test
  void ifItsConnectionIsLostItAloneIsUncertain() {
    RawClient client = shards.client().send(set(key, LARGE));
    Exchange large = next("SET");
    RawClient other = shards.client().send("INCR " + key + "\r\n");
    Exchange small = next("INCR");
    large.hangUp();
    assertThat(client.reply()).startsWith("-UNCERTAIN " + server.address());
    small.reply(":1\r\n");
    assertThat(other.reply()).isEqualTo(":1\r\n");
    client.send("GET " + key + "\r\n");
    next("GET").reply("+old\r\n");
    assertThat(client.reply()).isEqualTo("+old\r\n");
  }
}
