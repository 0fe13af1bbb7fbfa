package io.ringmaster.proxy.backend;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.socket.SocketChannel;
import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Connections for administrators, each for one purpose. Belongs to one event loop. */
public final class AdminConnections implements AdminLinks {

  private final DataLoop loop;
  private final Bootstrap bootstrap;
  private final BackendSettings settings;
  private final Logins logins;
  private final BackendCounters counters;
  private final Set<Link> open = new LinkedHashSet<>();

  public AdminConnections(
      DataLoop loop,
      ChannelFactory<? extends SocketChannel> channels,
      BackendSettings settings,
      Logins logins,
      BackendCounters counters) {
    this.loop = loop;
    this.settings = settings;
    this.logins = logins;
    this.counters = counters;
    this.bootstrap = BackendPool.bootstrap(loop, channels, settings);
    loop.eventLoop()
        .scheduleWithFixedDelay(
            () -> List.copyOf(open).forEach(Link::watch),
            BackendPool.TICK_MILLIS,
            BackendPool.TICK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public AdminLink open(NodeId node) {
    Link link = new Link(node);
    open.add(link);
    return link;
  }

  /** Closes all of them. */
  public void close() {
    List.copyOf(open).forEach(Link::close);
  }

  private final class Link implements AdminLink, BackendConnection.Owner {

    private final NodeId node;
    private final BackendConnection connection;
    private boolean ended;

    Link(NodeId node) {
      this.node = node;
      this.connection =
          new BackendConnection(
              this, node, Lane.ADMIN, loop, bootstrap, settings, logins, counters);
    }

    @Override
    public void arrived() {}

    @Override
    public void lost(NodeId lost, String reason) {
      close();
    }

    @Override
    public void send(Request request, ReplyCallback callback) {
      // What is opened again has not logged in, and may lead to another run of the server.
      if (ended) {
        callback.onFailure(BackendFailure.NOT_SENT, node, "the connection is closed");
        return;
      }
      RequestFrame frame = RequestEncoder.encode(PooledByteBufAllocator.DEFAULT, request);
      connection.send(frame, callback);
      frame.buffer().release();
    }

    @Override
    public String runId() {
      return connection.runId();
    }

    void watch() {
      connection.watch();
    }

    @Override
    public void close() {
      ended = true;
      open.remove(this);
      connection.close();
    }
  }
}
