package io.ringmaster.it.clients;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

/**
 * One client object of a library, as its own documentation shows it, and what the load needs of it.
 */
record JavaLibrary(
    String name,
    ToLongFunction<String> increment,
    BiConsumer<String, String> set,
    Function<String, @Nullable String> get,
    Runnable close) {

  /** Longer than the coordinators hold a request: see docs/compatibility.md. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  static JavaLibrary jedis(int port) {
    RedisClient client =
        RedisClient.builder()
            .hostAndPort("127.0.0.1", port)
            .clientConfig(
                DefaultJedisClientConfig.builder()
                    .socketTimeoutMillis((int) PATIENCE.toMillis())
                    .build())
            .build();
    return new JavaLibrary("Jedis", client::incr, client::set, client::get, client::close);
  }

  static JavaLibrary lettuce(int port) {
    io.lettuce.core.RedisClient client = io.lettuce.core.RedisClient.create();
    StatefulRedisConnection<String, String> connection =
        client.connect(RedisURI.create("127.0.0.1", port));
    RedisCommands<String, String> commands = connection.sync();
    return new JavaLibrary("Lettuce", commands::incr, commands::set, commands::get, client::close);
  }

  static JavaLibrary redisson(int port, Delivery delivery) {
    Config config = new Config();
    SingleServerConfig server =
        config
            .useSingleServer()
            .setAddress("redis://127.0.0.1:" + port)
            .setTimeout((int) PATIENCE.toMillis());
    if (delivery == Delivery.AT_MOST_ONCE) {
      server.setRetryAttempts(0);
    }
    config.setCodec(StringCodec.INSTANCE);
    RedissonClient client = Redisson.create(config);
    return new JavaLibrary(
        "Redisson",
        key -> client.getAtomicLong(key).incrementAndGet(),
        (key, value) -> client.getBucket(key).set(value),
        key -> client.<String>getBucket(key).get(),
        client::shutdown);
  }
}
