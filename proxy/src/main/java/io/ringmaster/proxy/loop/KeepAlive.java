package io.ringmaster.proxy.loop;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The time at which the kernel asks whether the other end of a silent connection is still there, as
 * Redis has it by {@code tcp-keepalive}: after that silence, three times, at a third of it. Safe
 * for all threads.
 *
 * @param silence zero for never; at least a second
 */
public record KeepAlive(Duration silence) {

  private static final int QUESTIONS = 3;

  /** The names that a transport has for the options. */
  private record Options(
      ChannelOption<Integer> idle, ChannelOption<Integer> interval, ChannelOption<Integer> count) {

    /** Null where only the times of the system as a whole can be set. */
    static @Nullable Options of(SocketChannel channel) {
      return switch (channel) {
        case EpollSocketChannel epoll ->
            new Options(
                EpollChannelOption.TCP_KEEPIDLE,
                EpollChannelOption.TCP_KEEPINTVL,
                EpollChannelOption.TCP_KEEPCNT);
        case IoUringSocketChannel uring ->
            new Options(
                IoUringChannelOption.TCP_KEEPIDLE,
                IoUringChannelOption.TCP_KEEPINTVL,
                IoUringChannelOption.TCP_KEEPCNT);
        case NioSocketChannel nio ->
            new Options(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT));
        default -> null;
      };
    }
  }

  /** Returns {@code channel}, of whose connection the kernel asks so from now on. */
  public SocketChannel set(SocketChannel channel) {
    ChannelConfig config = channel.config();
    config.setOption(ChannelOption.SO_KEEPALIVE, !silence.isZero());
    Options options = silence.isZero() ? null : Options.of(channel);
    if (options != null) {
      int idle = (int) silence.toSeconds();
      config.setOption(options.idle, idle);
      config.setOption(options.interval, Math.max(1, idle / QUESTIONS));
      config.setOption(options.count, QUESTIONS);
    }
    return channel;
  }
}
