package io.ringmaster.proxy;

import io.netty.buffer.ByteBufAllocator;
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
import io.ringmaster.proxy.loop.KeepAlive;
import java.util.function.Supplier;

/**
 * How this system moves bytes: the event loops' I/O, the channels that go with it, and where their
 * memory comes from.
 */
record Transport(
    IoHandlerFactory io,
    ChannelFactory<? extends ServerSocketChannel> servers,
    ChannelFactory<? extends SocketChannel> sockets,
    ByteBufAllocator allocator) {

  /**
   * The transport of that name; with AUTO the native one of the system if there is any. Its sockets
   * have {@code keepAlive} set; those that are accepted have not.
   *
   * @throws StartException if it is not available here
   */
  static Transport of(Settings.Transport wanted, KeepAlive keepAlive, ByteBufAllocator allocator) {
    Transport found = of(wanted, allocator);
    return new Transport(
        found.io, found.servers, () -> keepAlive.set(found.sockets.newChannel()), allocator);
  }

  private static Transport of(Settings.Transport wanted, ByteBufAllocator allocator) {
    return switch (wanted) {
      case EPOLL -> epoll(allocator);
      case KQUEUE -> kqueue(allocator);
      case NIO -> nio(allocator);
      case IO_URING -> ioUring(allocator);
      case AUTO ->
          Epoll.isAvailable()
              ? epoll(allocator)
              : KQueue.isAvailable() ? kqueue(allocator) : nio(allocator);
    };
  }

  private static Transport epoll(ByteBufAllocator allocator) {
    return available(
        Epoll.unavailabilityCause(),
        () ->
            new Transport(
                EpollIoHandler.newFactory(),
                EpollServerSocketChannel::new,
                EpollSocketChannel::new,
                allocator));
  }

  private static Transport kqueue(ByteBufAllocator allocator) {
    return available(
        KQueue.unavailabilityCause(),
        () ->
            new Transport(
                KQueueIoHandler.newFactory(),
                KQueueServerSocketChannel::new,
                KQueueSocketChannel::new,
                allocator));
  }

  private static Transport ioUring(ByteBufAllocator allocator) {
    return available(
        IoUring.unavailabilityCause(),
        () ->
            new Transport(
                IoUringIoHandler.newFactory(),
                IoUringServerSocketChannel::new,
                IoUringSocketChannel::new,
                allocator));
  }

  private static Transport nio(ByteBufAllocator allocator) {
    return new Transport(
        NioIoHandler.newFactory(), NioServerSocketChannel::new, NioSocketChannel::new, allocator);
  }

  private static Transport available(
      @org.jspecify.annotations.Nullable Throwable cause, Supplier<Transport> transport) {
    if (cause != null) {
      throw new StartException("listen.transport: it is not available on this machine", cause);
    }
    return transport.get();
  }
}
