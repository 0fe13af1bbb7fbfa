package io.ringmaster.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end. */
@Timeout(60)
class StopTest {

  private final FakeShards shards = new FakeShards(1, "limits.max-clients=3");

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void requestsInFlightAreAnsweredBeforeTheProxyStops() {
    RawClient busy = shards.client().send("GET key\r\n");
    RawClient idle = shards.client();
    assertThat(idle.call("PING")).isEqualTo("+PONG\r\n");
    Exchange inFlight = shards.server(0).next();
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(shards.proxy()::close);
    assertThat(idle.rest()).isEmpty();
    assertThat(stopping).isNotDone();
    inFlight.reply("+late\r\n");
    assertThat(busy.rest()).isEqualTo("+late\r\n");
    await().until(stopping::isDone);
  }

  @Test
  void oneClientTooManyIsToldSo() {
    for (int i = 0; i < 3; i++) {
      assertThat(shards.client().call("PING")).isEqualTo("+PONG\r\n");
    }
    assertThat(shards.client().rest()).isEqualTo("-ERR max number of clients reached\r\n");
  }

  @Test
  void aClientThatLeavesMakesRoomForAnother() {
    for (int i = 0; i < 3; i++) {
      RawClient client = shards.client();
      assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
      assertThat(client.call("QUIT")).isEqualTo("+OK\r\n");
      assertThat(client.rest()).isEmpty();
    }
    assertThat(shards.client().call("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void aReplyToAClientThatIsGoneIsDropped() {
    RawClient gone = shards.client().send("GET key\r\n");
    Exchange inFlight = shards.server(0).next();
    gone.reset();
    RawClient client = shards.client();
    await().until(() -> client.call("CLIENT LIST").split("\n").length == 3);
    client.send("GET key\r\n");
    Exchange next = shards.server(0).next();
    inFlight.reply("+for nobody\r\n");
    next.reply("+for it\r\n");
    assertThat(client.reply()).isEqualTo("+for it\r\n");
  }

  @Test
  void aClientThatHasSentItsLastRequestStillGetsTheReply() {
    RawClient client = shards.client().send("GET key\r\nPING\r\nGET half");
    client.endOfRequests();
    shards.server(0).next().reply("+late\r\n");
    assertThat(client.rest()).isEqualTo("+late\r\n+PONG\r\n");
  }
}
