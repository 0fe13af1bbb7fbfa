package io.ringmaster.it;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Whether servers are admitted as they run now: only such ones are chosen to lead. */
final class Admission {

  private Admission() {}

  /** {@code health} is what {@code KV.HEALTH JSON} says. */
  static void awaitAll(List<? extends Instance> servers, Supplier<String> health) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(() -> isComplete(servers, health.get()));
  }

  /** Whether all are, as far as {@code health} says. */
  static boolean isComplete(List<? extends Instance> servers, String health) {
    return !health.contains("\"lost-data\":true")
        && servers.stream().allMatch(one -> health.contains("\"" + run(one) + "\""));
  }

  private static String run(Instance server) {
    try (Jedis client = server.client()) {
      return client
          .info("server")
          .lines()
          .filter(line -> line.startsWith("run_id:"))
          .map(line -> line.substring("run_id:".length()))
          .findFirst()
          .orElseThrow();
    }
  }
}
