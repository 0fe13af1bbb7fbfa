package io.ringmaster.proxy.dispatch;

import static io.ringmaster.proxy.wire.FakeServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RANDOMKEY in front of scripted servers. */
@Timeout(60)
class RandomKeyHandlerTest {

  private static final String NIL = "$-1\r\n";
  private static final String MARKER = bulk(Marker.KEY);

  private final FakeShards shards = new FakeShards(2);
  private final RawClient client = shards.client();

  @AfterEach
  void stop() {
    shards.close();
  }

  /** Answers RANDOMKEY with {@code key}, and SCAN with the page that begins at its cursor. */
  private void script(int server, String key, Map<String, String> pages) {
    shards.server(server).script(exchange -> exchange.reply(answer(exchange.words(), key, pages)));
  }

  private static String answer(List<String> words, String key, Map<String, String> pages) {
    return words.getFirst().equals("SCAN") ? pages.getOrDefault(words.get(1), NIL) : key;
  }

  private static String page(String cursor, String... keys) {
    return "*2\r\n" + bulk(cursor) + "*" + keys.length + "\r\n" + String.join("", keys);
  }

  @Test
  void aKeyIsPassedOn() {
    script(0, bulk("a"), Map.of());
    script(1, bulk("b"), Map.of());
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("RANDOMKEY")).isIn(bulk("a"), bulk("b"));
    }
  }

  @Test
  void aShardWithoutKeysIsPassedOver() {
    script(0, NIL, Map.of());
    script(1, bulk("b"), Map.of());
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("RANDOMKEY")).isEqualTo(bulk("b"));
    }
  }

  @Test
  void aShardThatShowsItsMarkerIsWalkedThrough() {
    script(0, MARKER, Map.of("0", page("7", MARKER), "7", page("0", bulk("a"))));
    script(1, NIL, Map.of());
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("RANDOMKEY")).isEqualTo(bulk("a"));
    }
  }

  @Test
  void whereThereIsNothingButMarkersThereIsNoKey() {
    script(0, MARKER, Map.of("0", page("7"), "7", page("0", MARKER)));
    script(1, MARKER, Map.of("0", page("0", MARKER)));
    assertThat(client.call("RANDOMKEY")).isEqualTo(NIL);
    client.call("HELLO 3");
    assertThat(client.call("RANDOMKEY")).isEqualTo("_\r\n");
  }

  @Test
  void anErrorIsPassedOnAndNonsenseIsNot() {
    shards.server(0).alwaysReply("-LOADING the dataset\r\n");
    shards.server(1).alwaysReply("-LOADING the dataset\r\n");
    assertThat(client.call("RANDOMKEY")).isEqualTo("-LOADING the dataset\r\n");
    script(0, MARKER, Map.of());
    script(1, MARKER, Map.of());
    assertThat(client.call("RANDOMKEY")).startsWith("-UNAVAILABLE ");
    shards.server(0).script(FakeServer.Exchange::hangUp);
    shards.server(1).script(FakeServer.Exchange::hangUp);
    assertThat(client.call("RANDOMKEY")).startsWith("-UNAVAILABLE ");
  }
}
