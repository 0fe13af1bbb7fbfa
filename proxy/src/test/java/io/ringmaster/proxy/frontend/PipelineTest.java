package io.ringmaster.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests of one client at a time. */
@Timeout(60)
class PipelineTest {

  private final FakeShards shards = new FakeShards(2);
  private final String first = shards.key(0);
  private final String second = shards.key(1);

  @AfterEach
  void stop() {
    shards.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 4_000, 100_000})
  void repliesKeepTheOrderOfTheRequests(int size) {
    RawClient client = shards.client();
    client.send("GET " + first + "\r\nGET " + second + "\r\nPING\r\nECHO x\r\n");
    Exchange slow = shards.server(0).next();
    shards.server(1).next().reply(FakeServer.bulk("y".repeat(size)));
    shards.client().call("PING");
    slow.reply("+slow\r\n");
    assertThat(client.reply()).isEqualTo("+slow\r\n");
    assertThat(client.reply()).isEqualTo(FakeServer.bulk("y".repeat(size)));
    assertThat(client.reply()).isEqualTo("+PONG\r\n");
    assertThat(client.reply()).isEqualTo("$1\r\nx\r\n");
  }

  @Test
  void tenThousandRequestsInOneWriteAreAnsweredInOrder() {
    for (int i = 0; i < 2; i++) {
      shards.server(i).script(exchange -> exchange.reply(FakeServer.bulk(exchange.words().get(1))));
    }
    RawClient client = shards.client();
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      requests.append(i % 100 == 50 ? "ECHO " : "GET ").append("key").append(i).append("\r\n");
    }
    CompletableFuture<RawClient> sent =
        CompletableFuture.supplyAsync(() -> client.send(requests.toString()));
    for (int i = 0; i < 10_000; i++) {
      assertThat(client.reply()).isEqualTo(FakeServer.bulk("key" + i));
    }
    assertThat(sent.join()).isSameAs(client);
  }

  @Test
  void selectInsideAPipelineWaitsForTheRepliesBefore() {
    RawClient client = shards.client();
    client.send("GET " + first + "\r\nSELECT 1\r\nGET " + first + "\r\nCLIENT INFO\r\n");
    shards.server(0).next().reply("+zero\r\n");
    assertThat(client.reply()).isEqualTo("+zero\r\n");
    assertThat(client.reply()).isEqualTo("+OK\r\n");
    shards.server(0).next().reply("+one\r\n");
    assertThat(client.reply()).isEqualTo("+one\r\n");
    assertThat(client.reply()).contains(" db=1 ");
  }

  @Test
  void aWriteWaitsForReadsThatAnotherNodeMayAnswer() {
    RawClient client = shards.client();
    client.call("KV.CONSISTENCY READ REPLICA");
    client.send("GET " + first + "\r\nPING\r\nSET " + second + " mine\r\n");
    Exchange read = shards.server(0).next();
    shards.client().send("SET " + second + " other\r\n");
    Exchange other = shards.server(1).next();
    assertThat(other.words()).containsExactly("SET", second, "other");
    other.reply("+OK\r\n");
    read.reply("+read\r\n");
    Exchange own = shards.server(1).next();
    assertThat(own.words()).containsExactly("SET", second, "mine");
    own.reply("+OK\r\n");
    assertThat(client.reply()).isEqualTo("+read\r\n");
    assertThat(client.reply()).isEqualTo("+PONG\r\n");
    assertThat(client.reply()).isEqualTo("+OK\r\n");
  }

  @Test
  void aRequestCutAtEveryByteIsUnderstood() {
    shards.server(0).script(exchange -> exchange.reply(FakeServer.bulk(exchange.words().get(2))));
    RawClient client = shards.client();
    String request =
        "*3\r\n$3\r\nSET\r\n$" + first.length() + "\r\n" + first + "\r\n$4\r\na\r\nb\r\n";
    for (int cut = 1; cut < request.length(); cut++) {
      client.send(request.substring(0, cut));
      shards.client().call("PING");
      client.send(request.substring(cut));
      assertThat(client.reply()).isEqualTo("$4\r\na\r\nb\r\n");
    }
  }

  @Test
  void largeValuesPassInBothDirections() {
    shards.server(0).script(exchange -> exchange.reply(FakeServer.bulk(exchange.words().get(2))));
    RawClient client = shards.client();
    for (int size = 1; size < 4_000_000; size = 3 * size + 1) {
      String value = "v".repeat(size);
      client.send("*3\r\n$3\r\nSET\r\n" + FakeServer.bulk(first) + FakeServer.bulk(value));
      assertThat(client.reply()).isEqualTo(FakeServer.bulk(value));
    }
  }

  @Test
  void aClientThatDoesNotReadCanBeKilled() {
    shards.server(0).alwaysReply(FakeServer.bulk("x".repeat(1_000_000)));
    RawClient stuck = shards.client();
    String id = stuck.call("CLIENT ID").substring(1).strip();
    stuck.send(("GET " + first + "\r\n").repeat(100));
    RawClient other = shards.client();
    await().until(() -> !other.call("CLIENT LIST ID " + id).contains(" omem=0 "));
    assertThat(other.call("CLIENT KILL ID " + id)).isEqualTo(":1\r\n");
    await().until(() -> other.call("CLIENT LIST ID " + id).equals("$0\r\n\r\n"));
  }
}
