package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reply that takes long only because it is large. */
@Timeout(60)
class LargeReplyTest {

  private static final String VALUE = "v".repeat(2_000_000);
  private static final String LARGE = FakeServer.bulk(VALUE);
  private static final String ELEMENTS = "*100000\r\n" + "$10\r\n0123456789\r\n".repeat(100_000);
  private static final int SOME = 1_500_000;

  private final FakeShards shards = new FakeShards(1, "backend.reply-timeout=10m");
  private final FakeServer server = shards.server(0);
  private final Queue<Exchange> large = new ConcurrentLinkedQueue<>();
  private final Queue<Exchange> behind = new ConcurrentLinkedQueue<>();
  private final Set<Socket> used = ConcurrentHashMap.newKeySet();

  @AfterEach
  void stop() {
    shards.close();
  }

  /** Large replies wait for the test, all others come as soon as they can. */
  private synchronized void serve(Exchange exchange) {
    switch (exchange.words().getFirst()) {
      case "GET", "LRANGE" -> large.add(exchange);
      default -> {
        used.add(exchange.connection());
        if (isObstructed(exchange.connection())) {
          behind.add(exchange);
        } else {
          exchange.reply("+OK\r\n");
        }
      }
    }
  }

  private boolean isObstructed(Socket connection) {
    return large.stream().anyMatch(first -> first.connection().equals(connection));
  }

  private void begin(String reply) {
    large.element().reply(reply.substring(0, SOME));
  }

  private synchronized void finish(String reply) {
    large.remove().reply(reply.substring(SOME));
    behind.forEach(exchange -> exchange.reply("+OK\r\n"));
    behind.clear();
  }

  /** Until new requests take a connection on which none has come yet. */
  private void untilTurned() {
    int before = used.size();
    await()
        .until(
            () -> {
              shards.client().send("SET key v\r\n");
              return used.size() > before;
            });
  }

  /** A client that waits for a large reply. */
  private RawClient waiting(String command) {
    server.script(this::serve);
    RawClient client = shards.client();
    assertThat(shards.client().call("SET key v")).isEqualTo("+OK\r\n");
    client.send(command + "\r\n");
    await().until(() -> !large.isEmpty());
    return client;
  }

  /** When another client has got an answer, what was sent before is read. */
  private void untilRead() {
    assertThat(shards.client().call("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void othersAreAnsweredWhileItIsOnItsWay() {
    RawClient client = waiting("GET key");
    begin(LARGE);
    untilTurned();
    for (int i = 0; i < 20; i++) {
      assertThat(shards.client().call("SET key " + i)).isEqualTo("+OK\r\n");
    }
    finish(LARGE);
    assertThat(client.reply()).isEqualTo(LARGE);
  }

  @Test
  void alsoWhereItTurnsOutToBeLargeOnlyWhileItComes() {
    RawClient client = waiting("LRANGE key 0 -1");
    begin(ELEMENTS);
    untilTurned();
    assertThat(shards.client().call("SET key v")).isEqualTo("+OK\r\n");
    finish(ELEMENTS);
    assertThat(client.reply()).isEqualTo(ELEMENTS);
  }

  @Test
  void theNextOneTakesTheConnectionThatIsFreeAgain() {
    RawClient client = waiting("GET key");
    begin(LARGE);
    untilTurned();
    finish(LARGE);
    assertThat(client.reply()).isEqualTo(LARGE);
    RawClient second = shards.client().send("GET key\r\n");
    await().until(() -> !large.isEmpty());
    begin(LARGE);
    used.clear();
    await()
        .until(
            () -> {
              shards.client().send("SET key v\r\n");
              return used.stream().anyMatch(connection -> !isObstructed(connection));
            });
    assertThat(shards.client().call("SET key v")).isEqualTo("+OK\r\n");
    finish(LARGE);
    assertThat(second.reply()).isEqualTo(LARGE);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void theOrderOfAClientIsKept() {
    RawClient client = waiting("GET key");
    RawClient other = shards.client().send("INCR key\r\n");
    await().until(() -> received("INCR") == 1);
    begin(LARGE);
    untilTurned();
    other.send("INCR key\r\n");
    untilRead();
    assertThat(shards.client().call("SET key v")).isEqualTo("+OK\r\n");
    assertThat(received("INCR")).isEqualTo(1);
    finish(LARGE);
    assertThat(client.reply()).isEqualTo(LARGE);
    assertThat(other.reply()).isEqualTo("+OK\r\n");
    assertThat(other.reply()).isEqualTo("+OK\r\n");
    assertThat(received("INCR")).isEqualTo(2);
  }

  private long received(String command) {
    return server.received().stream().filter(words -> words.getFirst().equals(command)).count();
  }
}
