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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for it hears of each read from a connection before its replies. */
@Timeout(60)
class ArrivalTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final BackendSettings SETTINGS =
      new BackendSettings(LONG, LONG, LONG, LONG, 100, 1 << 20, LONG, new Large(1 << 20, 2, LONG));

  private final FakeServer server = new FakeServer();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop eventLoop = (EventLoop) group.next();
  private final DataLoop loop =
      new DataLoop(
          eventLoop, ByteBufAllocator.DEFAULT, MemoryBudget.endless(), new Faults(() -> {}));
  private final BackendPool pool =
      new BackendPool(
          loop, NioSocketChannel::new, SETTINGS, new ConfiguredLogins(null), new LoopCounters());
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final ReplyCallback callback =
      new ReplyCallback() {
        @Override
        public void onReply(Reply reply) {
          heard.add(reply.text());
        }

        @Override
        public void onFailure(BackendFailure failure, NodeId node, String reason) {
          heard.add(reason);
        }
      };

  @AfterEach
  void stop() {
    eventLoop.submit(pool::close).syncUninterruptibly();
    eventLoop.submit(loop::close).syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    server.close();
  }

  private void send() {
    Lane lane = Lane.data(0, ProtocolVersion.RESP2);
    NodeId node = NodeId.parse(server.address());
    OwnRequest request = OwnRequest.reading("GET", "k");
    eventLoop.execute(() -> pool.send(node, lane, request, callback));
  }

  @Test
  void oneReadIsToldOfOnceBeforeAllItsReplies() {
    send();
    server.next().reply("+ready\r\n");
    await().until(() -> heard.contains("ready"));
    heard.clear();
    pool.onArrival(() -> heard.add("arrival"));
    send();
    send();
    server.next();
    server.next().reply("+one\r\n+two\r\n");
    await().until(() -> heard.contains("two"));
    assertThat(heard).containsExactly("arrival", "one", "two");
  }
}
