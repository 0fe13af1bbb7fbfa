package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import io.ringmaster.proxy.wire.FakeServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a callback or a listener throws concerns nobody else. */
@Timeout(60)
class ThrowingCallbackTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final Lane LANE = ServedPool.LANE;

  private final AtomicInteger faults = new AtomicInteger();
  private final ServedPool served = new ServedPool(LONG, SHORT, faults::incrementAndGet);
  private final FakeServer server = served.server();
  private final List<String> heard = served.heard();

  @AfterEach
  void stop() {
    served.close();
  }

  private void send(String name, boolean throwing) {
    ReplyCallback hearing = served.hearing(name);
    ReplyCallback callback = throwing ? new Throwing(hearing) : hearing;
    served.send(LANE, OwnRequest.reading("GET", name), callback);
  }

  private record Throwing(ReplyCallback hearing) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      throw new OutOfMemoryError("on purpose");
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId of, String reason) {
      hearing.onFailure(failure, of, reason);
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void aCallbackThatThrowsShiftsNoReplyAndEndsNoConnection() {
    send("a", false);
    send("b", true);
    send("c", false);
    server.next().reply("+a\r\n");
    server.next().reply("+b\r\n");
    server.next().reply("+c\r\n");
    await().until(() -> heard.size() == 3);
    assertThat(heard).containsExactly("a a", "b OUTCOME_UNKNOWN", "c c");
    assertThat(server.connections()).isEqualTo(1);
    assertThat(faults).hasValue(2);
  }

  @Test
  void aLostConnectionIsToldToEveryCallback() {
    served.run(
        () ->
            served
                .pool()
                .onLoss(
                    (lost, lane, reason) -> {
                      throw new IllegalStateException("on purpose");
                    }));
    send("a", true);
    send("b", true);
    send("c", false);
    server.next();
    server.next();
    server.next().hangUp();
    await().until(() -> heard.size() == 3);
    assertThat(heard)
        .containsExactly("a OUTCOME_UNKNOWN", "b OUTCOME_UNKNOWN", "c OUTCOME_UNKNOWN");
    server.alwaysReply("+again\r\n");
    await()
        .until(
            () -> {
              send("d", false);
              return heard.contains("d again");
            });
  }
}
