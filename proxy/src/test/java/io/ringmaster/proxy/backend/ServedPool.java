package io.ringmaster.proxy.backend;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.ProtocolVersion;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metrics.LoopCounters;
import io.ringmaster.proxy.wire.FakeServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A pool of connections on a loop of its own, and the one server that they lead to. */
final class ServedPool implements AutoCloseable {

  static final Lane LANE = Lane.data(0, ProtocolVersion.RESP2);

  private final FakeServer server = new FakeServer();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop eventLoop = (EventLoop) group.next();
  private final DataLoop loop;
  private final BackendPool pool;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /**
   * With connections that are given up after {@code patience}; {@code fault} runs for each fault.
   */
  ServedPool(Duration patience, Duration reconnect, Runnable fault) {
    this.loop =
        new DataLoop(
            eventLoop, ByteBufAllocator.DEFAULT, MemoryBudget.endless(), new Faults(fault));
    BackendSettings settings =
        new BackendSettings(
            patience,
            patience,
            reconnect,
            reconnect,
            100,
            1 << 20,
            patience,
            new BackendSettings.Large(1 << 20, 2, patience));
    this.pool =
        new BackendPool(
            loop, NioSocketChannel::new, settings, new ConfiguredLogins(null), new LoopCounters());
  }

  FakeServer server() {
    return server;
  }

  NodeId node() {
    return NodeId.parse(server.address());
  }

  /** To be used on its loop only. */
  BackendPool pool() {
    return pool;
  }

  /** The text of each reply, or the failure, behind the name of its request. */
  List<String> heard() {
    return heard;
  }

  /** Writes down what becomes of the request called {@code name}. */
  ReplyCallback hearing(String name) {
    return new ReplyCallback() {
      @Override
      public void onReply(Reply reply) {
        heard.add(name + " " + reply.text());
      }

      @Override
      public void onFailure(BackendFailure failure, NodeId failed, String reason) {
        heard.add(name + " " + failure);
      }
    };
  }

  void send(Lane lane, Request request, ReplyCallback callback) {
    eventLoop.execute(() -> pool.send(node(), lane, request, callback));
  }

  /** What {@code work} comes to on the loop. */
  <T> T call(Callable<T> work) {
    return eventLoop.submit(work).syncUninterruptibly().getNow();
  }

  void run(Runnable work) {
    eventLoop.submit(work).syncUninterruptibly();
  }

  @Override
  public void close() {
    run(pool::close);
    run(loop::close);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    server.close();
  }
}
