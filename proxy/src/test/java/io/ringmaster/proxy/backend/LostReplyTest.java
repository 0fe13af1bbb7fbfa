package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients are told when a server does not answer as it should. */
@Timeout(60)
class LostReplyTest {

  private static final Duration REPLY_TIMEOUT = Duration.ofMillis(500);

  private final FakeShards shards =
      new FakeShards(2, "backend.reply-timeout=500ms", "backend.reconnect-max=50ms");
  private final String first = shards.key(0);
  private final String second = shards.key(1);

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void aWriteWhoseConnectionBreaksIsUncertainAndNeverSentTwice() {
    RawClient client = shards.client().send("SET " + first + " v\r\n");
    shards.server(0).next().hangUp();
    assertThat(client.reply())
        .startsWith("-UNCERTAIN " + shards.server(0).address() + ": ")
        .endsWith("; the command may have been executed or not\r\n");

    shards.server(0).alwaysReply("+again\r\n");
    await().until(() -> client.call("GET " + first).equals("+again\r\n"));
    assertThat(shards.server(0).received()).filteredOn(words -> words.contains("SET")).hasSize(1);
  }

  @Test
  void aReadWhoseConnectionBreaksIsUnavailable() {
    RawClient client = shards.client().send("GET " + first + "\r\n");
    shards.server(0).next().hangUp();
    assertThat(client.reply())
        .startsWith("-UNAVAILABLE " + shards.server(0).address() + ": ")
        .endsWith("; no reply, nothing was changed\r\n");
  }

  @Test
  void whatWasLostIsOpenedAgainAtOnceAndRequestsWaitForThat() {
    RawClient client = shards.client();
    for (int i = 0; i < 20; i++) {
      client.send("GET " + first + "\r\n");
      shards.server(0).next().reply("+" + i + "\r\n");
      assertThat(client.reply()).isEqualTo("+" + i + "\r\n");
      client.send("SET " + first + " v\r\n");
      shards.server(0).next().hangUp();
      assertThat(client.reply()).startsWith("-UNCERTAIN ");
    }
    assertThat(shards.server(0).connections()).isEqualTo(20);
  }

  @Test
  void aRequestThatWasNotSentIsUnavailable() {
    shards.server(0).close();
    assertThat(shards.client().call("SET " + first + " v"))
        .isEqualTo(
            "-UNAVAILABLE %s: connection refused; the command was not executed\r\n"
                .formatted(shards.server(0).address()));
  }

  @Test
  void theServerIsAskedToForgetTheRequestsOfALostConnection() {
    RawClient client = shards.client().send("SET " + first + " v\r\n");
    Exchange sent = shards.server(0).next();
    shards.server(0).alwaysReply("+OK\r\n");
    sent.hangUp();
    client.reply();
    await().until(() -> client.call("GET " + first).equals("+OK\r\n"));
    assertThat(shards.server(0).greetings()).contains(List.of("CLIENT", "KILL", "ID", "101"));
  }

  @Test
  void aSilentServerEndsInAnError() {
    RawClient client = shards.client().send("INCR " + first + "\r\n");
    assertThat(client.reply()).startsWith("-UNCERTAIN ").contains("no reply within 500 ms");
    client.send("GET " + first + "\r\n");
    assertThat(client.reply()).startsWith("-UNAVAILABLE ");
  }

  @Test
  void aServerThatSendsItsReplySlowlyIsNotSilent() {
    shards.server(0).script(LostReplyTest::sendSlowly);
    assertThat(shards.client().call("GET " + first)).isEqualTo("$20\r\n" + "x".repeat(20) + "\r\n");
  }

  @Test
  void aServerThatTakesItsRequestSlowlyIsNotSilent() {
    shards.server(0).readSlowly(Duration.ofMillis(4)).alwaysReply("+OK\r\n");
    RawClient client = shards.client().send("*3\r\n$3\r\nSET\r\n" + FakeServer.bulk(first));
    long begun = System.nanoTime();
    client.send(FakeServer.bulk("v".repeat(40_000_000)));
    assertThat(client.reply()).isEqualTo("+OK\r\n");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(REPLY_TIMEOUT);
  }

  @Test
  void requestsThatAreSentToASilentServerAreNoSignOfItsLife() {
    RawClient client = shards.client();
    CompletableFuture<String> reply =
        CompletableFuture.supplyAsync(() -> client.call("INCR " + first));
    RawClient other = shards.client();
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              other.send("GET " + first + "\r\n");
              return reply.isDone();
            });
    assertThat(reply.join()).startsWith("-UNCERTAIN ").contains("no reply within 500 ms");
  }

  private static void sendSlowly(Exchange exchange) {
    exchange.reply("$20\r\n");
    for (int i = 0; i < 20; i++) {
      await().pollDelay(Duration.ofMillis(50)).until(() -> true);
      exchange.reply("x");
    }
    exchange.reply("\r\n");
  }

  @Test
  void garbageFailsTheRequestsOfItsConnectionOnly() {
    RawClient client = shards.client();
    client.send("GET " + first + "\r\nSET " + first + " v\r\nGET " + second + "\r\n");
    Exchange garbled = shards.server(0).next();
    shards.server(0).next();
    garbled.reply("?garbage\r\n");
    assertThat(client.reply()).startsWith("-UNAVAILABLE ").contains("it broke the protocol");
    assertThat(client.reply()).startsWith("-UNCERTAIN ").contains("it broke the protocol");
    shards.server(1).next().reply("+fine\r\n");
    assertThat(client.reply()).isEqualTo("+fine\r\n");

    shards.server(0).alwaysReply("+well again\r\n");
    await().until(() -> client.call("GET " + first).equals("+well again\r\n"));
  }

  @Test
  void aReplyThatNobodyAskedForEndsTheConnection() {
    RawClient client = shards.client();
    client.send("GET " + first + "\r\n");
    shards.server(0).next().reply("+one\r\n+two\r\n");
    assertThat(client.reply()).isEqualTo("+one\r\n");
    await().until(() -> !client.call("GET " + first).startsWith("+one"));
    assertThat(shards.server(0).connections()).isPositive();
  }

  @Test
  void aRefusedHandshakeIsToldWithItsReason() {
    FakeServer server = shards.server(0).greet("HELLO", "-WRONGPASS invalid\r\n");
    assertThat(shards.client().call("SET " + first + " v"))
        .contains(server.address() + ": it refused the connection: WRONGPASS invalid")
        .endsWith("; the command was not executed\r\n");
  }

  @Test
  void aReplyCutAtEveryByteIsPassedOnWhole() {
    String reply = "*3\r\n$3\r\nabc\r\n:12\r\n*1\r\n+x\r\n";
    shards.server(0).script(exchange -> reply.chars().forEach(c -> exchange.reply("" + (char) c)));
    RawClient client = shards.client();
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("GET " + first)).isEqualTo(reply);
    }
  }

  @Test
  void aReplyMayBeNestedAsDeeplyAsAScriptCanMakeIt() {
    String deep = "*1\r\n".repeat(1_000) + ":1\r\n";
    RawClient client = shards.client();
    client.send("GET " + first + "\r\nSET " + first + " v\r\n");
    shards.server(0).next().reply(deep);
    shards.server(0).next().reply("+behind\r\n");
    assertThat(client.reply()).isEqualTo(deep);
    assertThat(client.reply()).isEqualTo("+behind\r\n");
    assertThat(shards.server(0).connections()).isEqualTo(1);
  }

  @Test
  void aServerIsFoundByItsName() {
    FakeServer named = shards.server(0).alwaysReply("+found\r\n");
    String port = named.address().substring(named.address().indexOf(':'));
    try (ProxyServer proxy = FakeShards.proxy(List.of("localhost" + port));
        RawClient client = new RawClient(proxy.address().getPort())) {
      assertThat(client.call("GET key")).isEqualTo("+found\r\n");
    }
  }

  @Test
  void aNameThatNobodyKnowsIsToldWithItsReason() {
    try (ProxyServer proxy = FakeShards.proxy(List.of("no-such-host.invalid:1"));
        RawClient client = new RawClient(proxy.address().getPort())) {
      assertThat(client.call("GET key"))
          .contains("no-such-host.invalid:1: its host name has no address")
          .endsWith("; the command was not executed\r\n");
    }
  }
}
