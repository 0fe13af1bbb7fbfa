package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may send which command. */
@Timeout(120)
class PermissionTest {

  /** Both passwords are {@code secret}. */
  private static final String USERS =
      "auth.users=[{name = default, password-sha256 = [\"DIGEST\"]}".replace("DIGEST", digest())
          + ", {name = root, password-sha256 = [\"DIGEST\"], admin = true}]"
              .replace("DIGEST", digest());

  private static final String NO_AUTH = "-NOAUTH Authentication required.\r\n";

  private final FakeShards shards =
      new FakeShards(1, USERS, "auth.admin-commands=[FlushAll, script, \"cluster|info\"]");

  PermissionTest() {
    shards.server(0).alwaysReply("+done\r\n");
  }

  @AfterEach
  void stop() {
    shards.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLUSTER.ADDCOORDINATOR c2 127.0.0.1:1",
        "CLUSTER.ADDNODE 127.0.0.1:1 SHARD s1",
        "CLUSTER.ADOPT s1",
        "CLUSTER.FAILOVER s1",
        "CLUSTER.REMOVECOORDINATOR c2",
        "CLUSTER.REMOVENODE 127.0.0.1:1",
        "CLUSTER.START",
        "CLUSTER.STOP",
        "CLUSTER.TRANSFERLEADER",
        "KV.EXCLUDEFAILED",
        "KV.VERIFY",
        "CLIENT|KILL ID 1",
        "CLIENT|LIST",
        "CLIENT|NO-EVICT ON",
        "CONFIG|GET save",
        "CONFIG|SET save x",
        "ACL|LIST",
        "FLUSHALL",
        "SCRIPT|FLUSH",
        "SCRIPT|LOAD x",
        "CLUSTER|INFO",
        "MONITOR"
      })
  void onlyAnAdministratorMaySendIt(String request) {
    String name = request.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    String sent = request.replace('|', ' ');
    String refusal = "-NOPERM this user has no permissions to run the '" + name + "' command\r\n";
    RawClient client = shards.client();
    assertThat(client.call(sent)).isEqualTo(NO_AUTH);
    assertThat(client.call("AUTH secret")).isEqualTo("+OK\r\n");
    assertThat(client.call(sent)).isEqualTo(refusal);
    assertThat(client.call("AUTH root secret")).isEqualTo("+OK\r\n");
    assertThat(client.call(sent)).doesNotStartWith("-NO");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KV.CONSISTENCY",
        "KV.VERSION key",
        "KV.HEALTH",
        "CLUSTER.EVENTS",
        "CLUSTER.LOCATE key",
        "CLUSTER.RING",
        "CLUSTER.SHARDMAP",
        "CLUSTER.STATUS",
        "CLIENT ID",
        "CLIENT INFO",
        "CLUSTER NODES",
        "CONFIG HELP",
        "FLUSHDB",
        "GET key",
        "INFO",
        "ROLE"
      })
  void everyUserMaySendIt(String request) {
    RawClient client = shards.client();
    assertThat(client.call(request)).isEqualTo(NO_AUTH);
    assertThat(client.call("AUTH secret")).isEqualTo("+OK\r\n");
    assertThat(client.call(request)).doesNotStartWith("-NO");
  }

  @Test
  void whatIsWrongByItselfIsToldFirst() {
    RawClient client = shards.client();
    client.call("AUTH secret");
    assertThat(client.call("CONFIG GET"))
        .isEqualTo("-ERR wrong number of arguments for 'config|get' command\r\n");
    assertThat(client.call("CONFIG BOGUS"))
        .isEqualTo("-ERR unknown subcommand 'BOGUS'. Try CONFIG HELP.\r\n");
  }

  @Test
  void eachRequestOfAPipelineIsTheUsersWhoIsLoggedInThen() {
    List<String> requests =
        List.of(
            "AUTH secret",
            "GET key",
            "FLUSHALL",
            "AUTH root secret",
            "FLUSHALL",
            "CLIENT NO-EVICT ON",
            "AUTH wrong",
            "CLIENT NO-EVICT ON",
            "RESET",
            "FLUSHALL",
            "HELLO 2 AUTH root secret SETNAME me",
            "FLUSHALL",
            "HELLO 2 AUTH default secret BOGUS",
            "FLUSHALL",
            "RESET",
            "GET key");
    String noFlush = "-NOPERM this user has no permissions to run the 'flushall' command\r\n";
    RawClient client = shards.client();
    client.send(String.join("\r\n", requests) + "\r\n");
    assertReplies(
        client,
        "+OK\r\n",
        "+done\r\n",
        noFlush,
        "+OK\r\n",
        "+done\r\n",
        "+OK\r\n",
        "-WRONGPASS invalid username-password pair or user is disabled.\r\n",
        "+OK\r\n",
        "+RESET\r\n",
        NO_AUTH);
    assertThat(client.reply()).startsWith("*14\r\n");
    String syntaxError = "-ERR Syntax error in HELLO option 'BOGUS'\r\n";
    assertReplies(client, "+done\r\n", syntaxError, noFlush, "+RESET\r\n", NO_AUTH);
  }

  private static void assertReplies(RawClient client, String... expected) {
    for (String reply : expected) {
      assertThat(client.reply()).isEqualTo(reply);
    }
  }

  @Test
  void withoutUsersEverybodyMayDoEverything() {
    try (FakeShards open = new FakeShards(1, "auth.admin-commands=[flushall]")) {
      open.server(0).alwaysReply("+done\r\n");
      RawClient client = open.client();
      assertThat(client.call("FLUSHALL")).isEqualTo("+done\r\n");
      assertThat(client.call("CLIENT NO-EVICT ON")).isEqualTo("+OK\r\n");
      assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
      assertThat(client.call("FLUSHALL")).isEqualTo("+done\r\n");
    }
  }

  private static String digest() {
    return "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
  }
}
