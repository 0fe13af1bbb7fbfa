package io.ringmaster.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Clients who together want more memory than there is; isolated, as all buffers are counted. */
@Isolated
@Timeout(120)
class MemoryPressureTest {

  private static final int MEBIBYTE = 1 << 20;
  private static final int LIMIT = 16 * MEBIBYTE;
  private static final int CLIENTS = 12;

  private final FakeShards shards =
      new FakeShards(1, "limits.memory=16m", "limits.unread-time=1h", "limits.request-timeout=1h");
  private final List<RawClient> greedy = new ArrayList<>();
  private final List<CompletableFuture<Void>> sending = new ArrayList<>();
  private long mostUsed;

  @AfterEach
  void stop() {
    greedy.forEach(RawClient::close);
    sending.forEach(CompletableFuture::join);
    shards.close();
  }

  /** As many as that do {@code what} until they are done or their connections end. */
  private void all(Consumer<RawClient> what) {
    for (int i = 0; i < CLIENTS; i++) {
      RawClient client = new RawClient(shards.proxy().address().getPort(), 8 * 1024);
      greedy.add(client);
      sending.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  what.accept(client);
                } catch (UncheckedIOException closed) {
                  // That is what may happen to it.
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
  }

  /** Small requests, each of which is answered while others want what there is not. */
  private void othersAreServed() {
    RawClient client = shards.client();
    for (int i = 0; i < 3000; i++) {
      assertThat(client.call("GET small")).isEqualTo("$5\r\nvalue\r\n");
      mostUsed = Math.max(mostUsed, PooledByteBufAllocator.DEFAULT.pinnedDirectMemory());
    }
    assertThat(mostUsed).isLessThan(2L * LIMIT);
  }

  private void serve(int large) {
    String reply = FakeServer.bulk("v".repeat(large));
    shards
        .server(0)
        .script(
            exchange ->
                exchange.reply(
                    exchange.words().getLast().equals("small")
                        ? FakeServer.bulk("value")
                        : exchange.words().getFirst().equals("GET") ? reply : "+OK\r\n"));
  }

  @Test
  void requestsThatDoNotEndTakeWhatThereIsAndNotMore() {
    serve(0);
    byte[] body = new byte[5 * MEBIBYTE];
    all(
        client ->
            client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + (body.length + 1) + "\r\n").send(body));
    othersAreServed();
    // One by one those who do not move have to make room for those who wait.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> sending.stream().allMatch(CompletableFuture::isDone));
    RawClient large = shards.client();
    large.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + body.length + "\r\n").send(body).send("\r\n");
    assertThat(large.reply()).isEqualTo("+OK\r\n");
    othersAreServed();
  }

  @Test
  void aWriteThatWasSentTakesNothing() {
    AtomicInteger received = new AtomicInteger();
    shards
        .server(0)
        .script(
            exchange -> {
              if (exchange.words().getFirst().equals("SET")) {
                received.incrementAndGet();
              } else {
                exchange.reply(FakeServer.bulk("value"));
              }
            });
    byte[] body = new byte[5 * MEBIBYTE];
    all(
        client ->
            client
                .send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + body.length + "\r\n")
                .send(body)
                .send("\r\n"));
    await().atMost(Duration.ofSeconds(60)).until(() -> received.get() == CLIENTS);
    othersAreServed();
  }

  @Test
  void repliesThatNobodyReadsTakeWhatThereIsAndNotMore() {
    serve(3 * MEBIBYTE);
    all(client -> client.send("GET large\r\n".repeat(100)));
    othersAreServed();
    RawClient large = shards.client();
    await()
        .ignoreExceptions()
        .until(() -> large.call("GET large").equals(FakeServer.bulk("v".repeat(3 * MEBIBYTE))));
  }

  @Test
  void aReplyThatThereIsNoMemoryForHurtsNobodyElse() {
    serve(LIMIT - MEBIBYTE);
    RawClient client = shards.client().send("GET large\r\nGET small\r\n");
    assertThat(client.reply())
        .startsWith("-UNAVAILABLE ")
        .contains("there is no memory for its reply of ");
    assertThat(client.reply()).isEqualTo("$5\r\nvalue\r\n");
    othersAreServed();
  }
}
