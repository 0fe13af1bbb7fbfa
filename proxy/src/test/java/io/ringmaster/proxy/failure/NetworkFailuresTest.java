package io.ringmaster.proxy.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.ringmaster.protocol.ports.FreePorts;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class NetworkFailuresTest {

  record Kind(IoHandlerFactory io, Class<? extends SocketChannel> channel) {}

  static List<Kind> transports() {
    Kind nio = new Kind(NioIoHandler.newFactory(), NioSocketChannel.class);
    return Epoll.isAvailable()
        ? List.of(nio, new Kind(EpollIoHandler.newFactory(), EpollSocketChannel.class))
        : List.of(nio);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void eachTransportSaysThatNobodyListensInTheSameWords(Kind kind) {
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, kind.io());
    try {
      assertThat(NetworkFailures.reason(connect(group, kind, FreePorts.next()).cause()))
          .isEqualTo("connection refused");
    } finally {
      group.shutdownGracefully().syncUninterruptibly();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void eachTransportSaysInPlainWordsThatTheOtherEndedIt(Kind kind) throws Exception {
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, kind.io());
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ChannelFuture connected = connect(group, kind, listener.getLocalPort());
      CompletableFuture<String> said = new CompletableFuture<>();
      connected
          .channel()
          .pipeline()
          .addLast(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                  said.complete(NetworkFailures.reason(cause));
                }

                // epoll may report nothing else, if it sees that the other is gone before it reads.
                @Override
                public void channelInactive(ChannelHandlerContext context) {
                  said.complete(NetworkFailures.reason(null));
                }
              });
      Socket other = listener.accept();
      other.setSoLinger(true, 0);
      other.close();

      assertThat(said.get()).isIn("connection reset", "connection lost");
    } finally {
      group.shutdownGracefully().syncUninterruptibly();
    }
  }

  private static ChannelFuture connect(MultiThreadIoEventLoopGroup group, Kind kind, int port) {
    return new Bootstrap()
        .group(group)
        .channel(kind.channel())
        .handler(new ChannelInboundHandlerAdapter())
        .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .awaitUninterruptibly();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new UnknownHostException("db1: Name or service not known"), "no address"),
        Arguments.of(new SocketTimeoutException("Read timed out"), "no answer in time"),
        Arguments.of(new ClosedChannelException(), "connection closed"),
        Arguments.of(new EOFException(), "connection closed"),
        Arguments.of(new ConnectException("Verbindungsaufbau abgelehnt"), "cannot be connected"),
        Arguments.of(
            new IOException("recvAddress(..) failed with error(-104): Connection reset by peer"),
            "connection reset"),
        Arguments.of(
            new IllegalStateException(new IOException("Address already in use")),
            "address already in use"),
        Arguments.of(new IllegalStateException("org.example.Strange@1f"), "the connection failed"),
        Arguments.of(null, "connection lost"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void noTextOfALibraryIsPassedOn(Throwable failure, String words) {
    assertThat(NetworkFailures.reason(failure))
        .contains(words)
        .doesNotContain("(..)", "Exception", "/", "db1", "@", "abgelehnt");
  }

  @Test
  void whatIsNotOfTheNetworkIsNotKnown() {
    assertThat(NetworkFailures.known(new IllegalStateException("connection refused"))).isEmpty();
  }
}
