package io.ringmaster.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.failure.StartException;
import io.ringmaster.proxy.loop.KeepAlive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port that clients connect to, and those who have. */
final class ClientListener {

  private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);

  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel channel;
  private volatile boolean accepting;

  /**
   * Binds, but accepts nobody yet.
   *
   * @throws StartException if it cannot listen
   */
  ClientListener(ServerContext context, DataPlane data) {
    Settings.Listen listen = context.settings().listen();
    try {
      channel =
          bootstrap(context, data)
              .bind(InetAddress.getByName(listen.host()), listen.port())
              .syncUninterruptibly()
              .channel();
    } catch (RuntimeException | IOException failure) {
      String where = listen.host() + ":" + listen.port();
      throw new StartException(
          "cannot listen on " + where + ": " + NetworkFailures.reason(failure), failure);
    }
  }

  private ServerBootstrap bootstrap(ServerContext context, DataPlane data) {
    Settings.Listen listen = context.settings().listen();
    Settings.Limits limits = context.settings().limits();
    int bytes = limits.bytesInFlight();
    boolean loopbackOnly = listen.protectedMode() && !context.authenticator().isNeeded();
    return new ServerBootstrap()
        .group(data.group())
        .channelFactory(context.transport().servers())
        .option(ChannelOption.SO_BACKLOG, listen.backlog())
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOCATOR, context.transport().allocator())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(bytes / 4, bytes / 2))
        .childHandler(
            new ClientAcceptor(
                data.frontends(),
                clients,
                new KeepAlive(listen.tcpKeepAlive()),
                loopbackOnly,
                limits.maxClients()));
  }

  /** Where clients connect. */
  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  void accept() {
    channel.config().setAutoRead(true);
    accepting = true;
  }

  /** Whether clients are accepted. */
  boolean isAccepting() {
    return accepting && channel.isOpen();
  }

  /** Returns the number of connected clients. */
  int clients() {
    return clients.size();
  }

  /** Accepts nobody any more. */
  void close() {
    channel.close().syncUninterruptibly();
  }

  /** Waits until all clients have gone, and closes those that are left after {@code limit}. */
  void awaitClients(Duration limit) {
    if (!clients.newCloseFuture().awaitUninterruptibly(limit.toMillis())) {
      LOG.warn("closing {} clients that are still busy", clients.size());
      clients.close().awaitUninterruptibly();
    }
  }
}
