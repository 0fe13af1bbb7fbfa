package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.memory.FailingAllocator;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeServer.Exchange;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever fails for want of memory: a client gets its own reply, an error, or none. */
@Timeout(60)
class ReplyOwnershipTest {

  private static final int POOLED = 2000;

  private final FailingAllocator allocator = new FailingAllocator();
  private final FakeShards shards = new FakeShards(allocator, 2);
  private final String first = shards.key(0);
  private final String second = shards.key(1);

  @AfterEach
  void stop() {
    allocator.failEvery(0);
    shards.close();
  }

  private void answerWithKeys() {
    for (int i = 0; i < 2; i++) {
      shards.server(i).script(exchange -> exchange.reply(FakeServer.bulk(exchange.words().get(1))));
    }
  }

  @Test
  void aRequestThatCouldNotBeWrittenShiftsNoReply() {
    answerWithKeys();
    RawClient unlucky = shards.client();
    RawClient other = shards.client();
    for (RawClient client : new RawClient[] {unlucky, other}) {
      assertThat(client.call("GET " + first)).isEqualTo(FakeServer.bulk(first));
    }
    allocator.failEvery(1);
    unlucky.send("GET " + first + "\r\n");
    await().until(() -> allocator.failures() > 0);
    allocator.failEvery(0);
    await().until(() -> areOwnReplies(other));
  }

  /** Whether two requests at a time get what they asked for; an error is no wrong reply. */
  private boolean areOwnReplies(RawClient client) {
    List<String> keys = List.of("{" + first + "}a", "{" + first + "}b");
    keys.forEach(key -> client.send("GET " + key + "\r\n"));
    boolean all = true;
    for (String key : keys) {
      String reply = client.reply();
      assertThat(reply).matches(text -> text.startsWith("-") || text.equals(FakeServer.bulk(key)));
      all &= !reply.startsWith("-");
    }
    return all;
  }

  @Test
  void aReplyThatCouldNotBeKeptEndsItsClientOnly() {
    RawClient unlucky = shards.client();
    RawClient other = shards.client();
    unlucky.send("GET " + first + "\r\nGET " + second + "\r\nPING\r\n");
    Exchange slow = shards.server(0).next();
    Exchange kept = shards.server(1).next();
    other.send("GET " + second + "\r\n");
    Exchange behind = shards.server(1).next();
    allocator.failEvery(1);
    kept.reply(FakeServer.bulk("k".repeat(POOLED)));
    await().until(() -> allocator.failures() > 0);
    allocator.failEvery(0);
    behind.reply("+behind\r\n");
    assertThat(other.reply()).isEqualTo("+behind\r\n");
    slow.reply("+slow\r\n");
    assertThatThrownBy(() -> unlucky.reply()).hasMessageContaining("the connection ended after ''");
  }
}
