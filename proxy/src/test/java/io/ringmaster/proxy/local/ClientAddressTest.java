package io.ringmaster.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How addresses of clients, and of servers, are shown and understood. */
@Timeout(60)
class ClientAddressTest {

  private static final Pattern ADDRESSES = Pattern.compile(" addr=(\\S+) laddr=(\\S+) ");

  @TempDir private Path folder;

  @Test
  void ipv6StandsInItsShortestFormInBrackets() {
    try (ProxyServer proxy = FakeShards.proxy(List.of("127.0.0.1:1"), "listen.host=\"[::1]\"");
        RawClient client = new RawClient("::1", proxy.address().getPort());
        RawClient other = new RawClient("::1", proxy.address().getPort())) {
      String remote = addresses(client).group(1);
      String port = remote.substring(remote.lastIndexOf(':') + 1);
      assertThat(remote).isEqualTo("[::1]:" + port);
      assertThat(addresses(client).group(2)).isEqualTo("[::1]:" + proxy.address().getPort());
      assertThat(other.call("CLIENT KILL ADDR [::2]:" + port)).isEqualTo(":0\r\n");
      assertThat(other.call("CLIENT KILL ADDR [0:0:0:0:0:0:0:1]:" + port)).isEqualTo(":1\r\n");
      assertThat(client.rest()).isEmpty();
      assertThat(other.call("CLIENT KILL LADDR [0::1]:1")).isEqualTo(":0\r\n");
    }
  }

  @Test
  void aClientThatComesByIpv4IsShownSoAlsoWhereAllAddressesAreListenedOn() {
    try (ProxyServer proxy = FakeShards.proxy(List.of("127.0.0.1:1"), "listen.host=\"::\"");
        RawClient client = new RawClient("127.0.0.1", proxy.address().getPort());
        RawClient other = new RawClient("::1", proxy.address().getPort())) {
      String remote = addresses(client).group(1);
      assertThat(remote).startsWith("127.0.0.1:");
      assertThat(addresses(other).group(1)).startsWith("[::1]:");
      assertThat(other.call("CLIENT KILL [::ffff:127.0.0.1]" + remote.substring(9)))
          .isEqualTo("+OK\r\n");
    }
  }

  @Test
  void aServerMayBeNamedByAnyFormOfItsAddress() {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    try (RedisProcess redis =
            RedisProcess.start(binary, folder.resolve("r"), "--bind", "127.0.0.1", "::1");
        ProxyServer proxy = FakeShards.proxy(List.of("[0:0:0:0:0:0:0:1]:" + redis.port()));
        RawClient client = new RawClient("127.0.0.1", proxy.address().getPort())) {
      assertThat(client.call("SET key 1")).isEqualTo("+OK\r\n");
      assertThat(client.call("CLUSTER.LOCATE key")).contains("[::1]:" + redis.port());
      redis.kill();
      assertThat(client.call("GET key")).startsWith("-UNAVAILABLE [::1]:" + redis.port() + ": ");
    }
  }

  private static Matcher addresses(RawClient client) {
    Matcher found = ADDRESSES.matcher(client.call("CLIENT INFO"));
    assertThat(found.find()).isTrue();
    return found;
  }
}
