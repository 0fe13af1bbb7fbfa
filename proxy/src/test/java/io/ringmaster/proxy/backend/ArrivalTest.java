package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.proxy.wire.FakeServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for it hears of each read from a connection before its replies. */
@Timeout(60)
class ArrivalTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final ServedPool served = new ServedPool(LONG, LONG, () -> {});
  private final FakeServer server = served.server();
  private final List<String> heard = served.heard();

  @AfterEach
  void stop() {
    served.close();
  }

  private void send() {
    served.send(ServedPool.LANE, OwnRequest.reading("GET", "k"), served.hearing("k"));
  }

  @Test
  void oneReadIsToldOfOnceBeforeAllItsReplies() {
    send();
    server.next().reply("+ready\r\n");
    await().until(() -> heard.contains("k ready"));
    heard.clear();
    served.pool().onArrival(() -> heard.add("arrival"));
    send();
    send();
    server.next();
    server.next().reply("+one\r\n+two\r\n");
    await().until(() -> heard.contains("k two"));
    assertThat(heard).containsExactly("arrival", "k one", "k two");
  }
}
