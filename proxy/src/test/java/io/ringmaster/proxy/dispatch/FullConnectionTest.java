package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More requests than a connection to a server should carry. */
@Timeout(60)
class FullConnectionTest {

  private static FakeShards shards(String timeout) {
    return new FakeShards(2, "backend.queue-commands=4", "backend.queue-timeout=" + timeout);
  }

  private static List<RawClient> asking(FakeShards shards, String key, int clients) {
    List<RawClient> asking = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      RawClient client = shards.client().send("GET {" + key + "}" + i + "\r\n");
      // When another client has got an answer, what this one has sent is read.
      assertThat(shards.client().call("PING")).isEqualTo("+PONG\r\n");
      asking.add(client);
    }
    return asking;
  }

  @Test
  void clientsWaitForRoomInTheOrderInWhichTheyCame() {
    try (FakeShards shards = shards("10m")) {
      String key = shards.key(0);
      List<RawClient> clients = asking(shards, key, 12);
      List<Exchange> taken = Stream.generate(shards.server(0)::next).limit(4).toList();
      shards.server(1).alwaysReply("+here\r\n");
      assertThat(shards.client().call("GET " + shards.key(1))).isEqualTo("+here\r\n");
      assertThat(shards.server(0).received()).hasSize(4);
      shards.server(0).script(FullConnectionTest::echo);
      taken.forEach(FullConnectionTest::echo);
      for (int i = 0; i < clients.size(); i++) {
        assertThat(clients.get(i).reply()).isEqualTo(FakeServer.bulk("{" + key + "}" + i));
      }
      assertThat(shards.server(0).received())
          .extracting(List::getLast)
          .containsExactlyElementsOf(
              IntStream.range(0, 12).mapToObj(i -> "{" + key + "}" + i).toList());
    }
  }

  @Test
  void whoHasWaitedForTooLongIsTold() {
    try (FakeShards shards = shards("200ms")) {
      String key = shards.key(0);
      List<RawClient> clients = asking(shards, key, 6);
      for (RawClient late : clients.subList(4, 6)) {
        assertThat(late.reply())
            .startsWith("-UNAVAILABLE " + shards.server(0).address())
            .contains("too many requests are waiting for it; the command was not executed");
      }
      for (int i = 0; i < 4; i++) {
        echo(shards.server(0).next());
        assertThat(clients.get(i).reply()).isEqualTo(FakeServer.bulk("{" + key + "}" + i));
      }
      shards.server(0).script(FullConnectionTest::echo);
      for (RawClient late : clients.subList(4, 6)) {
        assertThat(late.call("GET " + key)).isEqualTo(FakeServer.bulk(key));
      }
    }
  }

  @Test
  void whoeverLeavesWhileHeWaitsIsForgotten() {
    try (FakeShards shards = shards("10m")) {
      String key = shards.key(0);
      List<RawClient> clients = asking(shards, key, 8);
      clients.subList(4, 7).forEach(RawClient::reset);
      RawClient other = shards.client();
      assertThat(other.call("PING")).isEqualTo("+PONG\r\n");
      List<Exchange> taken = Stream.generate(shards.server(0)::next).limit(4).toList();
      taken.forEach(FullConnectionTest::echo);
      echo(shards.server(0).next());
      assertThat(clients.get(7).reply()).isEqualTo(FakeServer.bulk("{" + key + "}7"));
    }
  }

  private static void echo(Exchange exchange) {
    exchange.reply(FakeServer.bulk(exchange.words().getLast()));
  }
}
