package io.ringmaster.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class KeepAliveTest {

  private static final KeepAlive OFTEN = new KeepAlive(Duration.ofSeconds(60));
  private static final KeepAlive NEVER = new KeepAlive(Duration.ZERO);

  @Test
  void socketsOfTheJvmAreAskedAsRedisAsks() {
    NioSocketChannel channel = new NioSocketChannel();
    OFTEN.set(channel);

    assertThat(channel.config().isKeepAlive()).isTrue();
    assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)))
        .isEqualTo(60);
    assertThat(
            channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)))
        .isEqualTo(20);
    NEVER.set(channel);
    assertThat(channel.config().isKeepAlive()).isFalse();
    channel.unsafe().closeForcibly();
  }

  @Test
  @EnabledIf("isLinux")
  void nativeSocketsAreAskedAsRedisAsks() {
    EpollSocketChannel channel = new EpollSocketChannel();
    OFTEN.set(channel);

    assertThat(channel.config().isKeepAlive()).isTrue();
    assertThat(channel.config().getTcpKeepIdle()).isEqualTo(60);
    assertThat(channel.config().getTcpKeepIntvl()).isEqualTo(20);
    assertThat(channel.config().getTcpKeepCnt()).isEqualTo(3);
    channel.unsafe().closeForcibly();
  }

  static boolean isLinux() {
    return Epoll.isAvailable();
  }
}
