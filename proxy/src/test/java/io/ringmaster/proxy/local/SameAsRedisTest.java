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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same bytes sent to a Redis server and to a proxy in front of one: the replies, and whether
 * the connection ends, must be the same, but for ids and addresses.
 */
@Timeout(120)
class SameAsRedisTest {

  private static final String SECRET_DIGEST =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
  @TempDir private static Path folder;
  private static RedisProcess redis;
  private static RedisProcess guardedRedis;
  private static ProxyServer proxy;
  private static ProxyServer guardedProxy;

  @BeforeAll
  static void start() {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    redis = RedisProcess.start(binary, folder.resolve("open"));
    guardedRedis = RedisProcess.start(binary, folder.resolve("guarded"));
    try (RawClient admin = new RawClient(guardedRedis.port())) {
      admin.call("CONFIG SET requirepass secret");
    }
    proxy =
        FakeShards.proxy(
            List.of(redis.address().toString()),
            "backend.databases=16",
            "backend.marker-database=0");
    guardedProxy =
        FakeShards.proxy(
            List.of(redis.address().toString()),
            "auth.users=[{name = default, password-sha256 = [\"" + SECRET_DIGEST + "\"]}]");
  }

  @AfterAll
  static void stop() {
    proxy.close();
    guardedProxy.close();
    redis.close();
    guardedRedis.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PING",
        "PING hello",
        "PING a b",
        "ECHO",
        "ECHO x",
        "HELLO",
        "HELLO 2",
        "HELLO 3",
        "HELLO 4",
        "HELLO x",
        "HELLO 3 SETNAME me|CLIENT GETNAME",
        "HELLO 3 SETNAME",
        "HELLO 3 AUTH default wrong|PING",
        "HELLO 3 BOGUS",
        "HELLO 3|HELLO 2|GET missing",
        "HELLO 3|GET missing|PING",
        "AUTH",
        "AUTH wrong",
        "AUTH default wrong",
        "AUTH default a b",
        "SELECT 0",
        "SELECT 15",
        "SELECT 16",
        "SELECT -1",
        "SELECT x",
        "SELECT 99999999999999999999",
        "SELECT 1|SET same:db 1|SELECT 0|GET same:db|SELECT 1|DEL same:db",
        "SELECT 1|RESET|SET same:reset 1|SELECT 1|EXISTS same:reset|SELECT 0|DEL same:reset",
        "HELLO 3|RESET|GET missing",
        "CLIENT SETNAME me|RESET|CLIENT GETNAME",
        "CLIENT SETNAME 'a b'",
        "CLIENT SETNAME ''|CLIENT GETNAME",
        "CLIENT GETNAME",
        "CLIENT GETNAME x",
        "CLIENT REPLY ON",
        "CLIENT REPLY OFF|PING|CLIENT REPLY ON|PING",
        "CLIENT REPLY SKIP|PING|ECHO x",
        "CLIENT REPLY SKIP|CLIENT REPLY ON|PING",
        "CLIENT REPLY OFF|RESET|PING",
        "CLIENT REPLY MAYBE",
        "CLIENT REPLY SKIP|RESET|PING",
        "CLIENT REPLY SKIP|BOGUS|PING",
        "CLIENT REPLY SKIP|GET|PING",
        "CLIENT REPLY SKIP|HELLO 3|PING",
        "CLIENT REPLY SKIP|SELECT 1|PING",
        "CLIENT REPLY SKIP|SELECT 99|PING",
        "CLIENT REPLY SKIP|CLIENT REPLY SKIP|PING|ECHO a",
        "CLIENT REPLY SKIP|CLIENT REPLY OFF|PING|CLIENT REPLY ON|PING",
        "CLIENT REPLY SKIP|CLIENT REPLY MAYBE|ECHO a",
        "CLIENT REPLY SKIP|CLIENT REPLY|ECHO a",
        "CLIENT REPLY SKIP||PING|ECHO a",
        "CLIENT REPLY SKIP|*0|PING|ECHO a",
        "|CLIENT REPLY SKIP|PING|ECHO a",
        "CLIENT REPLY SKIP|QUIT|PING",
        "CLIENT REPLY SKIP|*x|PING",
        "CLIENT REPLY SKIP|SET same:reply 1|GET same:reply|DEL same:reply",
        "CLIENT REPLY OFF|BOGUS|GET|*x|PING",
        "CLIENT REPLY OFF|CLIENT REPLY SKIP|PING|CLIENT REPLY ON|ECHO a",
        "CLIENT REPLY OFF|HELLO 9|AUTH a b c|SELECT x|CLIENT REPLY ON|PING",
        "CLIENT REPLY OFF|QUIT|PING",
        "CLIENT REPLY OFF|HELLO 3|GET missing|CLIENT REPLY ON|GET missing",
        "CLIENT REPLY OFF|SELECT 3|HELLO 3|RESET|CLIENT REPLY SKIP|GET missing|GET missing",
        "SELECT 3|HELLO 3|CLIENT SETNAME me|RESET|CLIENT GETNAME|SET same:r 1|GET same:r|DEL same:r",
        "CLIENT NO-EVICT ON",
        "CLIENT NO-EVICT MAYBE",
        "CLIENT KILL 127.0.0.1:1",
        "CLIENT KILL ID 999999",
        "CLIENT KILL ID x",
        "CLIENT KILL BOGUS x",
        "CLIENT KILL ADDR 127.0.0.1:1 SKIPME no",
        "CLIENT KILL SKIPME maybe",
        "CLIENT KILL TYPE bogus",
        "CLIENT LIST TYPE bogus",
        "CLIENT LIST ID x",
        "CLIENT LIST ID 999999",
        "CLIENT LIST BOGUS",
        "CLIENT BOGUS",
        "CLIENT",
        "CLUSTER INFO",
        "COMMAND COUNT x",
        "COMMAND GETKEYS SET a b",
        "COMMAND GETKEYS MSET a 1 b 2",
        "COMMAND GETKEYS PING",
        "COMMAND GETKEYS BOGUS",
        "COMMAND GETKEYS SET",
        "COMMAND GETKEYSANDFLAGS SET a b",
        "COMMAND INFO bogus",
        "COMMAND BOGUS",
        "CONFIG GET databases",
        "CONFIG GET DataBases",
        "CONFIG GET save",
        "CONFIG GET appendonly",
        "CONFIG GET maxmemory",
        "CONFIG GET maxmemory-policy",
        "CONFIG GET notify-keyspace-events",
        "CONFIG GET timeout",
        "CONFIG GET save SAVE",
        "CONFIG GET maxmemory-p[ok]l?cy maxmemory-policy",
        "CONFIG GET [^a-z]*",
        "CONFIG GET nope",
        "CONFIG GET nope none",
        "HELLO 3|CONFIG GET save",
        "CONFIG GET",
        "QUIT|PING",
        "QUIT now|PING",
        "BOGUS",
        "BOGUS a b c",
        "GET",
        "GET a b",
        "SET 'unbalanced",
        "SET \"a\\x41\" b|GET aA|DEL aA",
        "*1|$4|PING",
        "*0|PING",
        "*-1|PING",
        "*2|$4|ECHO|$0|",
        "*x|PING",
        "*1|PING",
        "*1|$x|PING",
        "*1|$-1|PING",
        "*99999999999|PING",
        "*1|$99999999999|PING"
      })
  void openServer(String chain) {
    assertThat(answers(proxy.address().getPort(), chain)).isEqualTo(answers(redis.port(), chain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PING",
        "GET a",
        "BOGUS",
        "GET",
        "HELLO 3",
        "HELLO 4",
        "HELLO 3 AUTH default wrong|PING",
        "HELLO 3 AUTH default secret|PING",
        "HELLO 3 AUTH default secret SETNAME me|CLIENT GETNAME",
        "AUTH wrong|PING",
        "AUTH secret|PING",
        "AUTH default secret|PING",
        "AUTH nobody secret|PING",
        "AUTH a b c",
        "AUTH secret|RESET|PING",
        "AUTH secret|AUTH wrong|PING",
        "RESET",
        "QUIT|PING",
        "CLIENT GETNAME",
        "COMMAND COUNT",
        "*1|$20000|x",
        "*11|$4|PING",
        "AUTH secret|*1|$20000|x",
        "AUTH secret|RESET|*1|$20000|x",
        "AUTH secret|RESET|*11|$4|PING",
        "AUTH secret|RESET|AUTH secret|PING",
        "AUTH secret|RESET|AUTH wrong|PING",
        "AUTH secret|HELLO 3|RESET|GET missing|AUTH secret|GET missing",
        "HELLO 3 AUTH default secret BOGUS|PING",
        "HELLO 3 AUTH default secret SETNAME",
        "CLIENT REPLY OFF|AUTH secret|PING",
        "AUTH secret|CLIENT REPLY OFF|RESET|PING",
        "AUTH secret|CLIENT REPLY SKIP|RESET|PING|AUTH secret|PING",
        "AUTH secret|CLIENT REPLY SKIP|AUTH wrong|PING",
        "AUTH secret|CLIENT REPLY OFF|AUTH wrong|HELLO 3 AUTH default wrong|CLIENT REPLY ON|PING"
      })
  void serverWithPassword(String chain) {
    assertThat(answers(guardedProxy.address().getPort(), chain))
        .isEqualTo(answers(guardedRedis.port(), chain));
  }

  /** A line of 64 KB is the longest; one that is longer, and has not ended, is refused. */
  @ParameterizedTest
  @CsvSource({"65530, true", "65531, true", "65532, false"})
  void longLine(int length, boolean ends) {
    String sent = "PING " + "x".repeat(length) + (ends ? "\n" : "");
    assertThat(answer(proxy.address().getPort(), sent)).isEqualTo(answer(redis.port(), sent));
    assertThat(answer(guardedProxy.address().getPort(), sent))
        .isEqualTo(answer(guardedRedis.port(), sent));
  }

  /** All replies until the connection ends. */
  private static String answer(int port, String sent) {
    try (RawClient client = new RawClient(port)) {
      client.send(sent);
      client.endOfRequests();
      return client.rest();
    }
  }

  /** All replies until the connection ends, without what is each server's own. */
  private static String answers(int port, String chain) {
    try (RawClient client = new RawClient(port)) {
      client.send(chain.replace("|", "\r\n") + "\r\n");
      client.endOfRequests();
      return client
          .rest()
          .replaceAll("(id\r\n:)\\d+", "$1N")
          .replaceAll("(version\r\n\\$\\d+\r\n)[0-9.]+", "$1V");
    }
  }
}
