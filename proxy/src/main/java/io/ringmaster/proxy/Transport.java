package io.ringmaster.proxy;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.failure.StartException;
import java.util.function.Supplier;

/** How this system moves bytes: the event loops' I/O and the channels that go with it. */
record Transport(
    IoHandlerFactory io,
    ChannelFactory<? extends ServerSocketChannel> servers,
    ChannelFactory<? extends SocketChannel> sockets) {

  /**
   * The transport of that name; with AUTO the native one of the system if there is any.
   *
   * @throws StartException if it is not available here
   */
  static Transport of(Settings.Transport wanted) {
    return switch (wanted) {
      case EPOLL -> epoll();
      case KQUEUE -> kqueue();
      case NIO -> nio();
      case IO_URING -> ioUring();
      case AUTO -> Epoll.isAvailable() ? epoll() : KQueue.isAvailable() ? kqueue() : nio();
    };
  }

  private static Transport epoll() {
    return available(
        Epoll.unavailabilityCause(),
        () ->
            new Transport(
                EpollIoHandler.newFactory(),
                EpollServerSocketChannel::new,
                EpollSocketChannel::new));
  }

  private static Transport kqueue() {
    return available(
        KQueue.unavailabilityCause(),
        () ->
            new Transport(
                KQueueIoHandler.newFactory(),
                KQueueServerSocketChannel::new,
                KQueueSocketChannel::new));
  }

  private static Transport ioUring() {
    return available(
        IoUring.unavailabilityCause(),
        () ->
            new Transport(
                IoUringIoHandler.newFactory(),
                IoUringServerSocketChannel::new,
                IoUringSocketChannel::new));
  }

  private static Transport nio() {
    return new Transport(
        NioIoHandler.newFactory(), NioServerSocketChannel::new, NioSocketChannel::new);
  }

  private static Transport available(
      @org.jspecify.annotations.Nullable Throwable cause, Supplier<Transport> transport) {
    if (cause != null) {
      throw new StartException("listen.transport: it is not available on this machine", cause);
    }
    return transport.get();
  }
}
