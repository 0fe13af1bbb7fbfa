package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** KV.VERSION in front of scripted servers. */
@Timeout(60)
class VersionHandlerTest {

  private final FakeShards shards = new FakeShards(2);
  private final String key = shards.key(1);
  private final RawClient client = shards.client();

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void tellsEpochAndNumberOfTheMarkerOfTheKeysShard() {
    shards.server(1).alwaysReply(FakeServer.bulk("3 1234"));
    assertThat(client.call("KV.VERSION " + key)).isEqualTo("*2\r\n:3\r\n:1234\r\n");
    client.call("HELLO 3");
    assertThat(client.call("kv.version " + key)).isEqualTo("*2\r\n:3\r\n:1234\r\n");
    assertThat(shards.server(0).received()).isEmpty();
  }

  @Test
  void withoutAMarkerThereIsNoVersion() {
    shards.server(1).alwaysReply(FakeServer.bulk("0 0"));
    assertThat(client.call("KV.VERSION " + key)).isEqualTo("*-1\r\n");
    client.call("HELLO 3");
    assertThat(client.call("KV.VERSION " + key)).isEqualTo("_\r\n");
  }

  @Test
  void theLeaderIsAskedWhateverTheLevelOfReads() {
    shards.server(1).alwaysReply(FakeServer.bulk("3 1234"));
    for (String level : new String[] {"first", "replica", "leader"}) {
      client.call("KV.CONSISTENCY READ " + level);
      assertThat(client.call("KV.VERSION " + key)).isEqualTo("*2\r\n:3\r\n:1234\r\n");
    }
  }

  @Test
  void anErrorOfTheServerIsPassedOnAndNonsenseIsNot() {
    shards.server(1).alwaysReply("-LOADING the dataset\r\n");
    assertThat(client.call("KV.VERSION " + key)).isEqualTo("-LOADING the dataset\r\n");
    shards.server(1).alwaysReply(":1\r\n");
    assertThat(client.call("KV.VERSION " + key)).startsWith("-UNAVAILABLE ");
    shards.server(1).script(FakeServer.Exchange::hangUp);
    assertThat(client.call("KV.VERSION " + key)).startsWith("-UNAVAILABLE ");
  }

  @Test
  void takesOneKeyThatIsNotReserved() {
    String wrong = "-ERR wrong number of arguments for 'kv.version' command\r\n";
    assertThat(client.call("KV.VERSION")).isEqualTo(wrong);
    assertThat(client.call("KV.VERSION a b")).isEqualTo(wrong);
    assertThat(client.call("KV.VERSION " + Marker.RESERVED + "x")).contains("reserved");
  }

  @Test
  void isInTheCommandTable() {
    assertThat(client.call("COMMAND INFO kv.version")).contains("kv.version", "readonly");
    assertThat(client.call("COMMAND GETKEYS KV.VERSION a")).isEqualTo("*1\r\n$1\r\na\r\n");
  }
}
