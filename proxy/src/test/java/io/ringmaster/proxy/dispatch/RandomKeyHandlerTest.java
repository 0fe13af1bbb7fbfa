package io.ringmaster.proxy.dispatch;

import static io.ringmaster.proxy.wire.FakeServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RANDOMKEY in front of scripted servers. */
@Timeout(60)
class RandomKeyHandlerTest {

  private static final String NIL = "$-1\r\n";

  private final FakeShards shards = new FakeShards(2);
  private final RawClient client = shards.client();

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void aKeyIsPassedOn() {
    shards.server(0).alwaysReply(bulk("a"));
    shards.server(1).alwaysReply(bulk("b"));
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("RANDOMKEY")).isIn(bulk("a"), bulk("b"));
    }
  }

  @Test
  void aShardWithoutKeysIsPassedOver() {
    shards.server(0).alwaysReply(NIL);
    shards.server(1).alwaysReply(bulk("b"));
    for (int i = 0; i < 20; i++) {
      assertThat(client.call("RANDOMKEY")).isEqualTo(bulk("b"));
    }
  }

  @Test
  void whereNoShardHasOneThereIsNoKey() {
    shards.server(0).alwaysReply(NIL);
    shards.server(1).alwaysReply(NIL);
    assertThat(client.call("RANDOMKEY")).isEqualTo(NIL);
    client.call("HELLO 3");
    assertThat(client.call("RANDOMKEY")).isEqualTo("_\r\n");
  }

  @Test
  void allShardsAreAskedBeforeWhatTheClientSendsNext() {
    client.send("RANDOMKEY\r\nSET " + shards.key(0) + " v\r\nSET " + shards.key(1) + " v\r\n");
    for (int shard = 0; shard < 2; shard++) {
      FakeServer.Exchange first = shards.server(shard).next();
      assertThat(first.words()).containsExactly("RANDOMKEY");
      first.reply(NIL);
      shards.server(shard).next().reply("+OK\r\n");
    }
    assertThat(client.reply()).isEqualTo(NIL);
    assertThat(client.reply()).isEqualTo("+OK\r\n");
    assertThat(client.reply()).isEqualTo("+OK\r\n");
  }

  @Test
  void anErrorIsPassedOn() {
    shards.server(0).alwaysReply("-LOADING the dataset\r\n");
    shards.server(1).alwaysReply("-LOADING the dataset\r\n");
    assertThat(client.call("RANDOMKEY")).isEqualTo("-LOADING the dataset\r\n");
    shards.server(0).script(FakeServer.Exchange::hangUp);
    shards.server(1).script(FakeServer.Exchange::hangUp);
    assertThat(client.call("RANDOMKEY")).startsWith("-UNAVAILABLE ");
  }
}
