package io.ringmaster.proxy.dispatch;

import static io.ringmaster.proxy.wire.FakeServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SCAN, HSCAN, SSCAN and ZSCAN in front of scripted servers. */
@Timeout(60)
class ScanHandlerTest {

  private static final String INVALID = "-ERR invalid cursor\r\n";

  private final FakeShards shards = new FakeShards(2);
  private final RawClient client = shards.client();
  private final List<String> keys = List.of(shards.key(0), shards.key(1));
  private final String key = keys.get(1);

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void walksThroughOneShardAfterTheOther() {
    shards.server(0).script(exchange -> exchange.reply(page(next(exchange, "0", "7"), "a")));
    shards.server(1).script(exchange -> exchange.reply(page(next(exchange, "0", "9"), "b")));
    String second = cursor(client.call("SCAN 0 COUNT 5"));
    String third = cursor(client.call("SCAN " + second + " COUNT 5"));
    String fourth = cursor(client.call("SCAN " + third + " MATCH * COUNT 5"));
    assertThat(client.call("SCAN " + fourth + " TYPE string")).isEqualTo(page("0", "b"));
    assertThat(shards.server(0).received())
        .containsExactly(List.of("SCAN", "0", "COUNT", "5"), List.of("SCAN", "7", "COUNT", "5"));
    assertThat(shards.server(1).received())
        .containsExactly(
            List.of("SCAN", "0", "MATCH", "*", "COUNT", "5"),
            List.of("SCAN", "9", "TYPE", "string"));
  }

  @Test
  void walksThroughAKeyWithItsOwnArguments() {
    shards.server(1).script(exchange -> exchange.reply(page(exchange.words().get(2) + "7", "f")));
    for (String command : List.of("HSCAN", "SSCAN", "ZSCAN")) {
      String cursor = cursor(client.call(command + " " + key + " 0 MATCH f* COUNT 5 NOVALUES"));
      assertThat(client.call(command + " " + key + " " + cursor)).contains("*1\r\n" + bulk("f"));
      assertThat(shards.server(1).received())
          .contains(
              List.of(command, key, "0", "MATCH", "f*", "COUNT", "5", "NOVALUES"),
              List.of(command, key, "7"));
    }
    assertThat(shards.server(0).received()).isEmpty();
  }

  @Test
  void aCursorOfAnotherRunOfTheServerBeginsItsShardAnewInTheSameCall() {
    shards.server(0).alwaysReply(page("7", "of the first run"));
    String cursor = cursor(client.call("SCAN 0"));
    restart(0);
    shards
        .server(0)
        .script(exchange -> exchange.reply(page("5", "from " + exchange.words().get(1))));
    assertThat(client.call("SCAN " + cursor + " COUNT 3")).contains(bulk("from 0"));
    assertThat(shards.server(0).received())
        .endsWith(List.of("SCAN", "7", "COUNT", "3"), List.of("SCAN", "0", "COUNT", "3"));
  }

  @Test
  void aCursorOfAnotherRunOfTheServerBeginsItsKeyAnewInTheSameCall() {
    shards.server(1).alwaysReply(page("7", "of the first run"));
    String cursor = cursor(client.call("HSCAN " + key + " 0"));
    restart(1);
    shards
        .server(1)
        .script(exchange -> exchange.reply(page("0", "from " + exchange.words().get(2))));
    assertThat(client.call("HSCAN " + key + " " + cursor + " COUNT 3"))
        .isEqualTo(page("0", "from 0"));
  }

  @Test
  void aCursorThatIsNoneIsRefusedHere() {
    for (String wrong : List.of("x", "1.5", "18446744073709551616")) {
      assertThat(client.call("SCAN " + wrong)).isEqualTo(INVALID);
      assertThat(client.call("HSCAN " + key + " " + wrong)).isEqualTo(INVALID);
    }
    assertThat(shards.server(0).received()).isEmpty();
    assertThat(shards.server(1).received()).isEmpty();
  }

  @Test
  void aCursorOfAShardThatIsNoMoreBeginsTheWalkAnew() {
    shards.server(0).alwaysReply(page("0", "a"));
    assertThat(client.call("SCAN 63")).isEqualTo(page("1", "a"));
    assertThat(shards.server(0).received()).containsExactly(List.of("SCAN", "0"));
  }

  @Test
  void whatIsMissingIsSaidByTheServer() {
    shards.server(1).alwaysReply("-ERR wrong\r\n");
    assertThat(client.call("HSCAN " + key)).isEqualTo("-ERR wrong\r\n");
    assertThat(client.call("HSCAN " + key + " 0 COUNT")).isEqualTo("-ERR wrong\r\n");
  }

  @Test
  void aPositionThatThereIsNoRoomForIsAnError() {
    shards.server(1).alwaysReply(page("18446744073709551615", "f"));
    assertThat(client.call("HSCAN " + key + " 0"))
        .isEqualTo("-ERR cursor of shard s2 is out of range\r\n");
  }

  @Test
  void nonsenseOfAServerIsNotPassedOn() {
    for (String nonsense :
        List.of(
            "+OK\r\n",
            "*3\r\n$1\r\n0\r\n*0\r\n*0\r\n",
            "*2\r\n:0\r\n*0\r\n",
            "*2\r\n*0\r\n*0\r\n")) {
      shards.server(1).alwaysReply(nonsense);
      assertThat(client.call("HSCAN " + key + " 0")).startsWith("-UNAVAILABLE ");
    }
  }

  @Test
  void aLargePageComesWhole() {
    String[] fields = new String[20_000];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = "a field with number " + i;
    }
    shards.server(1).alwaysReply(page("0", fields));
    assertThat(client.call("HSCAN " + key + " 0 COUNT 1000000")).isEqualTo(page("0", fields));
    client.call("HELLO 3");
    assertThat(client.send("PING\r\nHSCAN " + key + " 0\r\n").reply()).isEqualTo("+PONG\r\n");
    assertThat(client.reply()).isEqualTo(page("0", fields));
  }

  @Test
  void reservedKeysAreRefused() {
    assertThat(client.call("HSCAN " + Marker.RESERVED + "x 0")).contains("reserved");
  }

  /** The client's connection to the server ends, and the next one finds another run. */
  private void restart(int server) {
    String get = "GET " + keys.get(server);
    shards.server(server).greet("INFO", bulk("run_id:fedcba9876543210\r\n"));
    shards.server(server).script(FakeServer.Exchange::hangUp);
    assertThat(client.call(get)).startsWith("-UNAVAILABLE ");
    shards.server(server).alwaysReply("$-1\r\n");
    await().until(() -> client.call(get).equals("$-1\r\n"));
  }

  private static String next(FakeServer.Exchange exchange, String first, String second) {
    return exchange.words().get(1).equals(first) ? second : first;
  }

  private static String page(String cursor, String... found) {
    StringBuilder page = new StringBuilder("*2\r\n" + bulk(cursor) + "*" + found.length + "\r\n");
    for (String one : found) {
      page.append(bulk(one));
    }
    return page.toString();
  }

  /** The cursor of a page. */
  private static String cursor(String page) {
    return page.split("\r\n")[2];
  }
}
