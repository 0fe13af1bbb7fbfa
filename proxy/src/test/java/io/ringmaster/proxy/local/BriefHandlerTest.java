package io.ringmaster.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long requests of what the proxy answers itself. */
@Timeout(60)
class BriefHandlerTest {

  private final FakeShards shards = new FakeShards(1);
  private final RawClient client = shards.client();

  @AfterEach
  void stop() {
    shards.close();
  }

  private String call(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append(FakeServer.bulk(word));
    }
    return client.send(request.toString()).reply();
  }

  @Test
  void namesThatClientsKeepAreShort() {
    String longest = "n".repeat(1024);
    assertThat(call("CLIENT", "SETNAME", longest)).isEqualTo("+OK\r\n");
    assertThat(call("CLIENT", "SETNAME", longest + "n"))
        .isEqualTo("-ERR Client names cannot be longer than 1024 characters.\r\n");
    assertThat(call("CLIENT", "SETINFO", "lib-name", longest + "n"))
        .isEqualTo("-ERR lib-name cannot be longer than 1024 characters.\r\n");
    assertThat(call("HELLO", "2", "SETNAME", longest + "n"))
        .isEqualTo("-ERR Client names cannot be longer than 1024 characters.\r\n");
    assertThat(call("CLIENT", "GETNAME")).isEqualTo(FakeServer.bulk(longest));
  }

  @Test
  void whatTakesLongWithLongRequestsIsRefused() {
    assertThat(call("COMMAND", "LIST", "FILTERBY", "PATTERN", "*[" + "1".repeat(20_000)))
        .isEqualTo("-ERR 'command|list' takes no request of more than 16384 bytes\r\n");
    String[] words = "COMMAND INFO".concat(" get".repeat(1000)).split(" ");
    assertThat(call(words)).startsWith("-ERR there are only ");
    assertThat(call("COMMAND", "INFO", "get", "nothing")).startsWith("*2\r\n");
  }

  @Test
  void whatIsOnlyGivenBackMayBeOfAnyLength() {
    String text = "t".repeat(1_000_000);
    assertThat(call("ECHO", text)).isEqualTo(FakeServer.bulk(text));
    assertThat(call("PING", text)).isEqualTo(FakeServer.bulk(text));
  }
}
