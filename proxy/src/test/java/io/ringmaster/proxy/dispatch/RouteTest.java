package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose keys are in keyspaces with shards and levels of their own. */
@Timeout(60)
class RouteTest {

  private static final String KEYSPACES =
      "keyspaces=[{ name = one, prefix = \"one:\", policy = leader, shards = [s1], read = nearest },"
          + " { name = two, prefix = \"two:\", policy = leader, shards = [s2] }]";

  /** Of the script {@code script}. */
  private static final String DIGEST = "cb5346a081dcf654061b7f897ea14d9b43140712";

  private final FakeShards shards = new FakeShards(2, KEYSPACES);
  private final RawClient client = shards.client();

  @BeforeEach
  void answer() {
    for (int i = 0; i < 2; i++) {
      String reply = FakeServer.bulk("s" + (i + 1));
      shards.server(i).script(exchange -> exchange.reply(reply(exchange.words(), reply)));
    }
  }

  private static String reply(List<String> words, String one) {
    boolean many = words.getFirst().equals("MGET");
    return many ? "*" + (words.size() - 1) + "\r\n" + one.repeat(words.size() - 1) : one;
  }

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void eachKeyIsLookedUpInItsOwnKeyspace() {
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("GET one:" + i)).isEqualTo(FakeServer.bulk("s1"));
      assertThat(client.call("GET two:" + i)).isEqualTo(FakeServer.bulk("s2"));
    }
    assertThat(client.call("MGET two:{a} one:{a} two:b"))
        .isEqualTo(
            "*3\r\n" + FakeServer.bulk("s2") + FakeServer.bulk("s1") + FakeServer.bulk("s2"));
  }

  @Test
  void oneSlotInTwoKeyspacesMayBeOnTwoShards() {
    assertThat(client.call("EVAL script 2 one:{a} two:{a}")).startsWith("-CROSSSLOT");
    assertThat(client.call("EVAL script 2 one:{a} one:b")).isEqualTo(FakeServer.bulk("s1"));
  }

  @Test
  void ofTheLevelsOfSeveralKeyspacesTheStrongestCounts() {
    client.call("EVAL script 1 one:a");
    client.call("EVALSHA_RO " + DIGEST + " 1 one:a");
    assertThat(shards.server(0).received().getLast()).startsWith("EVAL_RO", "script");
    client.call("EVALSHA_RO " + DIGEST + " 2 one:a " + shards.key(0));
    assertThat(shards.server(0).received().getLast()).startsWith("EVALSHA_RO", DIGEST);
  }

  @Test
  void aReservedKeyIsRefusedWhereverItStandsAndNothingIsSent() {
    int before = shards.server(0).received().size() + shards.server(1).received().size();
    String reserved = Marker.RESERVED + "x";
    assertThat(client.call("MGET one:a two:a " + reserved)).contains("reserved");
    assertThat(client.call("EVAL script 2 one:a " + reserved)).contains("reserved");
    assertThat(client.call("SET " + reserved + " v")).contains("reserved");
    assertThat(shards.server(0).received().size() + shards.server(1).received().size())
        .isEqualTo(before);
  }
}
