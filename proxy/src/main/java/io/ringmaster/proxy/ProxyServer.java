package io.ringmaster.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.ringmaster.proxy.config.Settings;
import java.net.InetSocketAddress;

/** Placeholder: accepts connections and answers nothing. */
public final class ProxyServer implements AutoCloseable {
  private final EventLoopGroup group;
  private final Channel channel;

  private ProxyServer(EventLoopGroup group, Channel channel) {
    this.group = group;
    this.channel = channel;
  }

  /** Blocks until clients can connect. */
  public static ProxyServer start(Settings settings) {
    boolean epoll = Epoll.isAvailable();
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            settings.listen().threads(),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Channel channel =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind(settings.listen().host(), settings.listen().port())
            .syncUninterruptibly()
            .channel();
    return new ProxyServer(group, channel);
  }

  /** Where clients connect. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    group
        .shutdownGracefully(0, 100, java.util.concurrent.TimeUnit.MILLISECONDS)
        .syncUninterruptibly();
  }
}
