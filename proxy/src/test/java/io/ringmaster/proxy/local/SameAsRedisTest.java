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
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The same bytes sent to a Redis server and to a proxy in front of one: the replies, and whether
 * the connection ends, must be the same, but for ids and addresses.
 */
@Timeout(120)
class SameAsRedisTest {

  private static final String SECRET_DIGEST =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
  private static final String END = "\r\nECHO end-of-test\r\n";
  private static final String END_REPLY = "$11\r\nend-of-test\r\n";

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
    proxy = FakeShards.proxy(List.of(redis.address().toString()));
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
    guardedRedis.call("AUTH secret");
    guardedRedis.close();
  }
}
