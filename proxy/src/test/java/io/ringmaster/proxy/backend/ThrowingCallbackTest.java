package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import io.ringmaster.proxy.backend.BackendSettings.Large;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metrics.LoopCounters;
import io.ringmaster.proxy.wire.FakeServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a callback or a listener throws concerns nobody else. */
@Timeout(60)
class ThrowingCallbackTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final BackendSettings SETTINGS =
      new BackendSettings(
          LONG, LONG, SHORT, SHORT, 100, 1 << 20, LONG, new Large(1 << 20, 2, LONG));
  private static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);

  private final FakeServer server = new FakeServer();
  private final NodeId node = NodeId.parse(server.address());
  private final AtomicInteger faults = new AtomicInteger();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop eventLoop = (EventLoop) group.next();
  private final DataLoop loop =
      new DataLoop(
          eventLoop,
          ByteBufAllocator.DEFAULT,
          MemoryBudget.endless(),
          new Faults(faults::incrementAndGet));
  private final BackendPool pool =
      new BackendPool(
          loop, NioSocketChannel::new, SETTINGS, new ConfiguredLogins(null), new LoopCounters());
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    eventLoop.submit(pool::close).syncUninterruptibly();
    eventLoop.submit(loop::close).syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    server.close();
  }

  private void send(String name, boolean throwing) {
    ReplyCallback callback = new Hearing(name, throwing);
    eventLoop.execute(() -> pool.send(node, LANE, OwnRequest.reading("GET", name), callback));
  }

  private final class Hearing implements ReplyCallback {
    private final String name;
    private final boolean throwing;

    Hearing(String name, boolean throwing) {
      this.name = name;
      this.throwing = throwing;
    }

    @Override
    public void onReply(Reply reply) {
      if (throwing) {
        throw new OutOfMemoryError("on purpose");
      }
      heard.add(name + " " + reply.text());
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId of, String reason) {
      heard.add(name + " " + failure);
      if (throwing) {
        throw new IllegalStateException("on purpose");
      }
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
    eventLoop.execute(
        () ->
            pool.onLoss(
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
