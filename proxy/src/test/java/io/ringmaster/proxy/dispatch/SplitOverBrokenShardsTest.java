package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests over several shards, not all of which answer as they should. */
@Timeout(60)
class SplitOverBrokenShardsTest {

  private final FakeShards shards = new FakeShards(3);
  private final String first = shards.key(0);
  private final String second = shards.key(1);

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void aWriteNamesTheShardsThatAreDoneAndThoseUnknown() {
    shards.server(0).alwaysReply("+OK\r\n");
    shards.server(1).script(exchange -> exchange.hangUp());
    assertThat(shards.client().call("MSET " + first + " 1 " + second + " 2"))
        .startsWith("-UNCERTAIN mset was executed on s1; unknown on s2 (")
        .contains(shards.server(1).address());
  }

  @Test
  void aWriteNamesTheShardsThatItDidNotReach() {
    shards.server(0).alwaysReply(":1\r\n");
    shards.server(1).close();
    assertThat(shards.client().call("DEL " + first + " " + second))
        .startsWith("-UNCERTAIN del was executed on s1; not on s2 (");
  }

  @Test
  void aWriteThatOneShardRefusedNamesItsError() {
    shards.server(0).alwaysReply("+OK\r\n");
    shards.server(1).alwaysReply("-OOM no memory\r\n");
    assertThat(shards.client().call("MSET " + first + " 1 " + second + " 2"))
        .isEqualTo("-UNCERTAIN mset was executed on s1; not on s2 (OOM no memory)\r\n");
  }

  @Test
  void aWriteThatAllShardsRefusedIsTheirError() {
    shards.server(0).alwaysReply("-OOM no memory\r\n");
    shards.server(1).alwaysReply("-OOM no memory\r\n");
    assertThat(shards.client().call("MSET " + first + " 1 " + second + " 2"))
        .isEqualTo("-OOM no memory\r\n");
  }

  @Test
  void aWriteThatReachedNoShardIsUnavailable() {
    shards.server(0).close();
    shards.server(1).close();
    assertThat(shards.client().call("MSET " + first + " 1 " + second + " 2"))
        .startsWith("-UNAVAILABLE shard s1: ")
        .endsWith("; the command was not executed\r\n");
  }

  @Test
  void aReadIsUnavailable() {
    shards.server(0).alwaysReply("*1\r\n$1\r\nv\r\n");
    shards.server(1).script(exchange -> exchange.hangUp());
    assertThat(shards.client().call("MGET " + first + " " + second))
        .startsWith("-UNAVAILABLE shard s2: ")
        .endsWith("; no reply, nothing was changed\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "DEL, +OK",
    "DEL, $-1",
    "DEL, *0",
    "MGET, +OK",
    "MGET, *0",
    "MGET, *-1",
    "EXISTS, :x",
    "TOUCH, :",
  })
  void aReplyThatMakesNoSenseIsAnErrorAndTheClientGoesOn(String command, String nonsense) {
    shards.server(0).alwaysReply(":1\r\n");
    shards.server(1).alwaysReply(nonsense + "\r\n");
    RawClient client = shards.client();
    client.send(command + " " + first + " " + second + "\r\nPING\r\n");
    assertThat(client.reply()).startsWith("-UN");
    assertThat(client.reply()).isEqualTo("+PONG\r\n");
  }

  @ParameterizedTest
  @CsvSource({"+OK", "*0", "'*2\r\n$1\r\nx\r\n*0'", "*-1"})
  void aScanReplyThatMakesNoSenseIsAnErrorAndTheClientGoesOn(String nonsense) {
    shards.server(0).alwaysReply(nonsense + "\r\n");
    RawClient client = shards.client().send("SCAN 0\r\nPING\r\n");
    assertThat(client.reply()).startsWith("-");
    assertThat(client.reply()).isEqualTo("+PONG\r\n");
  }

  @ParameterizedTest
  @CsvSource({"INFO, :1", "CONFIG GET port, +OK", "CONFIG GET port, :1", "RANDOMKEY, :1"})
  void anAnswerToAQuestionToAllThatMakesNoSenseLeavesNoClientWaiting(
      String question, String nonsense) {
    for (int i = 0; i < 3; i++) {
      shards.server(i).greet("INFO", nonsense + "\r\n").alwaysReply(nonsense + "\r\n");
    }
    RawClient client = shards.client().send(question + "\r\nPING\r\n");
    client.reply();
    assertThat(client.reply()).isEqualTo("+PONG\r\n");
  }
}
