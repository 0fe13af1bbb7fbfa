package io.ringmaster.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that leave their replies to the proxy. */
@Timeout(120)
class SlowReaderTest {

  private static final Duration UNREAD_TIME = Duration.ofMillis(500);
  private static final int SMALL = 8 * 1024;
  private static final int VALUE = 20_000_000;

  private final FakeShards shards =
      new FakeShards(1, "limits.unread-output=64k", "limits.unread-time=500ms");
  private final String key = shards.key(0);

  @AfterEach
  void stop() {
    shards.close();
  }

  private RawClient asking() {
    shards.server(0).alwaysReply(FakeServer.bulk("v".repeat(VALUE)));
    RawClient client = new RawClient(shards.proxy().address().getPort(), SMALL);
    return client.send("GET " + key + "\r\n");
  }

  private boolean isThere() {
    return shards.client().call("CLIENT LIST").contains("cmd=get");
  }

  @Test
  void aClientThatReadsSteadilyHoweverSlowlyIsNotCutOff() {
    try (RawClient slow = asking()) {
      long begun = System.nanoTime();
      StringBuilder read = new StringBuilder();
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                read.append(slow.some(4 * 1024));
                return System.nanoTime() - begun > 6 * UNREAD_TIME.toNanos();
              });
      assertThat(isThere()).isTrue();
      assertThat(read.length()).isLessThan(VALUE / 2);
      read.append(slow.some(VALUE + 13 - read.length()));
      assertThat(read).hasToString(FakeServer.bulk("v".repeat(VALUE)));
    }
  }

  @Test
  void aClientThatReadsNothingIsCutOff() {
    RawClient deaf = asking();
    await().until(this::isThere);
    await().until(() -> !isThere());
    deaf.close();
  }
}
