package io.ringmaster.it.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** Clients' scripts run as a user who may not touch keys that begin with {@code \x01}. */
class KeyPatternTest {

  private static final String RESERVED = "\u0001reserved";
  private static final String READ = "return redis.call('GET', '" + RESERVED + "')";
  private static final String WRITE = "return redis.call('SET', '" + RESERVED + "', 'x')";

  @OnEveryServer
  void reservedKeysAreRefused(Servers servers) throws IOException {
    Server server = start(servers);
    Client data = server.client("data", "secret");
    data.call("SET", "key", "value");

    List<String> replies =
        List.of(
            data.call("GET", RESERVED),
            data.call("SET", RESERVED, "x"),
            data.call("DEL", "key", RESERVED),
            data.call("RENAME", "key", RESERVED),
            data.call("COPY", RESERVED, "key", "REPLACE"),
            data.call("EVAL", "return 1", "1", RESERVED));

    assertThat(replies).allMatch(reply -> reply.startsWith("-NOPERM "));
    assertThat(server.call("GET", RESERVED)).isEqualTo("internal");
    assertThat(server.call("GET", "key")).isEqualTo("value");
  }

  @OnEveryServer
  void reservedKeysThatAScriptDoesNotDeclareAreRefused(Servers servers) throws IOException {
    Server server = start(servers);
    Client data = server.client("data", "secret");

    assertThat(data.call("EVAL", READ, "0")).startsWith("-");
    assertThat(data.call("EVAL", WRITE, "0")).startsWith("-");
    assertThat(server.call("GET", RESERVED)).isEqualTo("internal");
  }

  @OnEveryServer
  void userWithAllKeysReachesReservedOnes(Servers servers) throws IOException {
    Server server = start(servers);
    Client internal = server.client();

    assertThat(internal.call("EVAL", READ, "0")).isEqualTo("internal");
    assertThat(internal.call("EVAL", WRITE, "0")).isEqualTo("OK");
  }

  @OnEveryServer
  void allOtherKeysAreAllowedButTheEmptyOne(Servers servers) throws IOException {
    Client data = start(servers).client("data", "secret");

    for (String key : List.of("key", "k\u0001", " ", "{tag}", "\u00ff")) {
      assertThat(data.call("SET", key, "value")).as(key).isEqualTo("OK");
      assertThat(data.call("EVAL", "return redis.call('GET', ARGV[1])", "0", key))
          .as(key)
          .isEqualTo("value");
    }
    assertThat(data.call("SET", "", "value")).startsWith("-NOPERM ");
  }

  @OnEveryServer
  void sortWithPatternsIsRefusedFrom70(Servers servers) throws IOException {
    Server server = start(servers);
    Client data = server.client("data", "secret");
    data.call("RPUSH", "list", "reserved");

    String values = data.call("SORT", "list", "BY", "nosort", "GET", "\u0001*");
    String sorted = data.call("SORT", "list", "BY", "\u0001*", "ALPHA");

    if (servers.candidate().isBefore(7, 0)) {
      assertThat(values).isEqualTo("[internal]");
      assertThat(sorted).isEqualTo("[reserved]");
    } else {
      assertThat(values).startsWith("-").contains("denied");
      assertThat(sorted).startsWith("-").contains("denied");
    }
    assertThat(data.call("SORT", "list", "ALPHA")).isEqualTo("[reserved]");
  }

  @OnEveryServer
  void channelsHaveToBeAllowedFrom70(Servers servers) throws IOException {
    Server server = start(servers);
    server.call("ACL", "SETUSER", "mute", "on", ">secret", "~*", "+@all");

    String reply = server.client("mute", "secret").call("PUBLISH", "channel", "message");

    assertThat(reply).startsWith(servers.candidate().isBefore(7, 0) ? "0" : "-NOPERM ");
    assertThat(server.client("data", "secret").call("PUBLISH", "channel", "message"))
        .isEqualTo("0");
  }

  private static Server start(Servers servers) throws IOException {
    Server server = servers.start();
    server.call("SET", RESERVED, "internal");
    server.call("ACL", "SETUSER", "data", "on", ">secret", "~[^\u0001]*", "&*", "+@all");
    return server;
  }
}
