package io.ringmaster.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.proxy.wire.FakeServer;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that resets its connection begins as a new one does: it has to log in, in time. */
@Timeout(120)
class ResetTest {

  private static final Pattern AGE = Pattern.compile(" age=(\\d+)");

  /** The password is {@code secret}. */
  private static final String USERS =
      "auth.users=[{name = default, password-sha256 = "
          + "[\"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\"]}]";

  private final FakeShards shards =
      new FakeShards(1, USERS, "limits.authentication-timeout=4s", "limits.bytes-in-flight=64m");

  @AfterEach
  void stop() {
    shards.close();
  }

  @Test
  void theTimeToLogInBeginsAnew() {
    RawClient client = loggedIn();
    awaitAge(client, 5);
    assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
    awaitAge(loggedIn(), 1);
    assertThat(client.call("PING")).isEqualTo("-NOAUTH Authentication required.\r\n");
    assertThat(client.call("AUTH secret")).isEqualTo("+OK\r\n");
  }

  @Test
  void whoDoesNotLogInAgainInTimeIsClosed() {
    RawClient client = loggedIn();
    assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void whoHasNeverLoggedInGetsNoMoreTimeByIt() {
    RawClient client = shards.client();
    assertThatThrownBy(() -> resetForEver(client)).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void repliesThatItHasNotReadYetDoNotCountAsThoseOfAClientThatNeverLoggedIn() {
    String large = FakeServer.bulk("x".repeat(20_000_000));
    RawClient client = loggedIn().send("GET key\r\nRESET\r\n");
    shards.server(0).next().reply(large);
    awaitAge(loggedIn(), 1);
    client.send("AUTH secret\r\n");
    assertThat(client.reply()).isEqualTo(large);
    assertThat(client.reply()).isEqualTo("+RESET\r\n");
    assertThat(client.reply()).isEqualTo("+OK\r\n");
  }

  private static void resetForEver(RawClient client) {
    while (true) {
      assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
    }
  }

  private RawClient loggedIn() {
    RawClient client = shards.client();
    assertThat(client.call("AUTH secret")).isEqualTo("+OK\r\n");
    return client;
  }

  private static void awaitAge(RawClient client, int seconds) {
    await().atMost(Duration.ofMinutes(1)).until(() -> age(client) >= seconds);
  }

  private static int age(RawClient client) {
    Matcher age = AGE.matcher(client.call("CLIENT INFO"));
    assertThat(age.find()).isTrue();
    return Integer.parseInt(age.group(1));
  }
}
