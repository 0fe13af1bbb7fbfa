package io.ringmaster.proxy.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.failure.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An HTTP server for {@code /metrics}, {@code /live} and {@code /ready}. */
public final class HttpEndpoint implements AutoCloseable {

  private static final int LARGEST_REQUEST_BODY = 1024;
  private static final int SILENT_SECONDS = 60;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  private final Channel listener;

  /**
   * Listens on {@code host} and {@code port}.
   *
   * @param metrics the text of {@code /metrics}; called on the HTTP thread
   * @param live what must be well for {@code /live} to say so
   * @param ready what must be well for {@code /ready} to say so
   * @throws StartException if it cannot listen
   */
  public HttpEndpoint(
      String host, int port, Supplier<String> metrics, List<Check> live, List<Check> ready) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(NioServerSocketChannel::new)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new ReadTimeoutHandler(SILENT_SECONDS),
                            new HttpServerCodec(),
                            new HttpObjectAggregator(LARGEST_REQUEST_BODY),
                            new HttpHandler(metrics, live, ready));
                  }
                });
    try {
      listener = bootstrap.bind(InetAddress.getByName(host), port).syncUninterruptibly().channel();
    } catch (RuntimeException | IOException failure) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new StartException(
          "cannot listen for HTTP on " + host + ":" + port + ": " + NetworkFailures.reason(failure),
          failure);
    }
  }

  /** Returns the address on which this endpoint listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
