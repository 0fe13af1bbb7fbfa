package io.ringmaster.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.ProxyServer;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import io.ringmaster.proxy.wire.FakeShards;
import io.ringmaster.proxy.wire.RawClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pipelines at random in which replies are switched off and on: a proxy in front of three servers
 * leaves out the same replies as one server does.
 */
@Timeout(120)
class ReplyModeTest {

  private static final int PIPELINES = 100;
  private static final int LONGEST = 14;
  private static final String SECRET_DIGEST =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  private static final List<String> REQUESTS =
      List.of(
          "CLIENT REPLY ON",
          "CLIENT REPLY OFF",
          "CLIENT REPLY SKIP",
          "CLIENT REPLY SKIP",
          "CLIENT REPLY MAYBE",
          "CLIENT REPLY",
          "CLIENT BOGUS",
          "CLIENT GETNAME",
          "CLIENT SETNAME me",
          "RESET",
          "HELLO 3",
          "HELLO 2",
          "HELLO 9",
          "SELECT 1",
          "SELECT 99",
          "AUTH secret",
          "AUTH default secret too",
          "PING",
          "PING a b",
          "ECHO x",
          "BOGUS",
          "GET",
          "GET reply:a",
          "SET reply:a 1",
          "SET reply:b x",
          "INCR reply:a",
          "INCR reply:b",
          "LPUSH reply:a x",
          "MSET reply:a 1 reply:b 2 reply:c 3 reply:d 4",
          "MGET reply:a reply:b reply:c reply:d",
          "EXISTS reply:a reply:b reply:c reply:d",
          "DEL reply:a reply:b reply:c reply:d",
          "DBSIZE",
          "",
          "*0");

  private static final List<String> ENDS =
      List.of("PING", "QUIT", "*x", "*1|$x", "SET 'unbalanced", "*1|$-1", "|*x");

  @TempDir private static Path folder;
  private static final List<RedisProcess> STARTED = new ArrayList<>();
  private static RedisProcess open;
  private static RedisProcess guarded;
  private static ProxyServer openProxy;
  private static ProxyServer guardedProxy;

  @BeforeAll
  static void start() {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    Stream.of("open", "guarded", "1", "2", "3")
        .forEach(name -> STARTED.add(RedisProcess.start(binary, folder.resolve(name))));
    open = STARTED.get(0);
    guarded = STARTED.get(1);
    try (RawClient admin = new RawClient(guarded.port())) {
      admin.call("CONFIG SET requirepass secret");
    }
    List<String> servers =
        STARTED.subList(2, 5).stream().map(server -> server.address().toString()).toList();
    openProxy = FakeShards.proxy(servers);
    guardedProxy =
        FakeShards.proxy(
            servers,
            "auth.users=[{name = default, password-sha256 = [\"" + SECRET_DIGEST + "\"]}]");
  }

  @AfterAll
  static void stop() {
    openProxy.close();
    guardedProxy.close();
    STARTED.forEach(RedisProcess::close);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void withoutLogIn(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < PIPELINES; i++) {
      String pipeline = "FLUSHALL|" + pipeline(random);
      assertThat(answers(openProxy.address().getPort(), pipeline))
          .as(pipeline)
          .isEqualTo(answers(open.port(), pipeline));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void withLogIn(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < PIPELINES; i++) {
      String pipeline =
          (random.nextBoolean() ? "AUTH secret|FLUSHALL|" : "AUTH secret|FLUSHALL|RESET|")
              + pipeline(random);
      assertThat(answers(guardedProxy.address().getPort(), pipeline))
          .as(pipeline)
          .isEqualTo(answers(guarded.port(), pipeline));
    }
  }

  private static String pipeline(Random random) {
    StringBuilder pipeline = new StringBuilder();
    for (int i = random.nextInt(2, LONGEST); i > 0; i--) {
      pipeline.append(REQUESTS.get(random.nextInt(REQUESTS.size()))).append('|');
    }
    return pipeline + ENDS.get(random.nextInt(ENDS.size()));
  }

  /** All replies until the connection ends, without what is each server's own. */
  private static String answers(int port, String pipeline) {
    try (RawClient client = new RawClient(port)) {
      client.send(pipeline.replace("|", "\r\n") + "\r\n");
      client.endOfRequests();
      return client
          .rest()
          .replaceAll("(id\r\n:)\\d+", "$1N")
          .replaceAll("(version\r\n\\$\\d+\r\n)[0-9.]+", "$1V");
    }
  }
}
