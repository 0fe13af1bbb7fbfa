package io.ringmaster.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.ringmaster.proxy.frontend.Frontend;
import io.ringmaster.proxy.loop.KeepAlive;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Gives each accepted connection to its event loop's frontend, or turns it away. */
@Sharable
final class ClientAcceptor extends ChannelInboundHandlerAdapter {

  private static final String TOO_MANY = "-ERR max number of clients reached\r\n";
  private static final String PROTECTED =
      "-DENIED Ringmaster is running in protected mode because protected mode is enabled and no "
          + "password is set for the default user. In this mode connections are only accepted from "
          + "the loopback interface. To accept others, set auth.users or listen.protected-mode = "
          + "false.\r\n";

  private final List<Frontend> frontends;
  private final ChannelGroup clients;
  private final KeepAlive keepAlive;
  private final boolean loopbackOnly;
  private final int maxClients;

  /**
   * {@code clients} holds the connections that were taken; {@code loopbackOnly}: whether
   * connections from other hosts are refused.
   */
  ClientAcceptor(
      List<Frontend> frontends,
      ChannelGroup clients,
      KeepAlive keepAlive,
      boolean loopbackOnly,
      int maxClients) {
    this.keepAlive = keepAlive;
    this.frontends = frontends;
    this.clients = clients;
    this.loopbackOnly = loopbackOnly;
    this.maxClients = maxClients;
  }

  @Override
  public void channelRegistered(ChannelHandlerContext context) {
    Channel channel = context.channel();
    Frontend frontend = frontendOf(channel);
    if (loopbackOnly && !isLoopback(channel)) {
      refuse(channel, frontend, PROTECTED);
      return;
    }
    if (clients.size() >= maxClients) {
      refuse(channel, frontend, TOO_MANY);
      return;
    }
    clients.add(channel);
    if (channel instanceof SocketChannel socket) {
      keepAlive.set(socket);
    }
    channel.config().setRecvByteBufAllocator(frontend.loop().clientReceiveBuffers());
    context.pipeline().replace(this, null, frontend.add(channel));
  }

  private Frontend frontendOf(Channel channel) {
    for (Frontend frontend : frontends) {
      if (frontend.loop().eventLoop() == channel.eventLoop()) {
        return frontend;
      }
    }
    throw new IllegalStateException("a connection on a foreign event loop");
  }

  private static boolean isLoopback(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        && remote.getAddress().isLoopbackAddress();
  }

  private static void refuse(Channel channel, Frontend frontend, String error) {
    frontend.counters().rejected();
    channel
        .writeAndFlush(Unpooled.copiedBuffer(error, StandardCharsets.US_ASCII))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ((ByteBuf) message).release();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    context.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
