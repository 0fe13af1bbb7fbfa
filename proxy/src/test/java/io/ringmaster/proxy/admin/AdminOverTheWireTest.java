package io.ringmaster.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.config.SettingsSource;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands as a client sends them, to a proxy whose servers do not exist. */
@Timeout(60)
class AdminOverTheWireTest {
  private final ProxyServer proxy =
      ProxyServer.start(
          new SettingsSource()
              .set("listen.port=0")
              .set("listen.threads=1")
              .set("http.port=0")
              .shards(List.of("127.0.0.1:1,127.0.0.1:2", "127.0.0.1:3"))
              .read());

  @AfterEach
  void stop() {
    proxy.close();
  }

  @Test
  void wrongArgumentsGetTheErrorsOfRedis() throws IOException {
    assertThat(replies("CLUSTER.LOCATE"))
        .isEqualTo("-ERR wrong number of arguments for 'cluster.locate' command\r\n");
    assertThat(replies("CLUSTER.LOCATE foo bar")).isEqualTo("-ERR syntax error\r\n");
    assertThat(replies("CLUSTER.STATUS xml")).isEqualTo("-ERR syntax error\r\n");
    assertThat(replies("KV.HEALTH one two json")).isEqualTo("-ERR syntax error\r\n");
    assertThat(replies("KV.HEALTH nowhere")).isEqualTo("-ERR no such shard\r\n");
  }

  @Test
  void aTrailingJsonInAnyCaseAnswersJsonText() throws IOException {
    assertThat(replies("cluster.locate foo json")).startsWith("$").contains("\"slot\":12182");
    assertThat(replies("CLUSTER.STATUS Json")).contains("\"coordinators\":1", "\"clients\":1");
    assertThat(replies("CLUSTER.RING JSON")).contains("\"share\":0.5");
    assertThat(replies("KV.HEALTH JSON")).contains("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
  }

  @Test
  void aKeyMayBeNamedJson() throws IOException {
    assertThat(replies("CLUSTER.LOCATE JSON")).startsWith("*12\r\n$3\r\nkey\r\n$4\r\nJSON\r\n");
  }

  @Test
  void withoutAGroupNothingIsChanged() throws IOException {
    String reason = "there is no config group: the topology is the configured one";
    for (String command :
        List.of(
            "CLUSTER.STOP SHARD s1",
            "CLUSTER.FAILOVER s1 TO 127.0.0.1:2",
            "CLUSTER.ADDCOORDINATOR c2 127.0.0.1:4")) {
      assertThat(replies(command)).startsWith("-ERR ").contains(reason);
    }
  }

  @Test
  void mapsAreMapsAfterHello3() throws IOException {
    assertThat(replies("HELLO 3\r\nCLUSTER.LOCATE foo")).contains("%6\r\n$3\r\nkey\r\n$3\r\nfoo");
  }

  /** All that comes until the connection ends, without the reply to QUIT. */
  private String replies(String lines) throws IOException {
    try (Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
      socket.getOutputStream().write((lines + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all).endsWith("+OK\r\n");
      return all.substring(0, all.length() - "+OK\r\n".length());
    }
  }
}
