package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A server is killed, paused and restarted under load: what clients are told must be what the
 * server holds.
 */
@Isolated
class LostServerTest {

  private static final int LOST = 1;

  /** Writes one key after the other to one shard and keeps what it was told of each. */
  private static final class Writer extends Thread {
    final Map<String, String> told = new HashMap<>();
    private final Shards shards;
    private final String tag;
    private final AtomicInteger oks = new AtomicInteger();
    volatile boolean stop;

    Writer(Shards shards, String tag) {
      this.shards = shards;
      this.tag = tag;
    }

    @Override
    public void run() {
      try (Jedis client = shards.client()) {
        for (int i = 0; !stop; i++) {
          String key = "{" + tag + "}" + i;
          told.put(key, write(client, key));
        }
      }
    }

    private String write(Jedis client, String key) {
      try {
        String reply = client.set(key, "written");
        oks.incrementAndGet();
        return reply;
      } catch (JedisDataException refused) {
        return "" + refused.getMessage();
      }
    }

    void end() throws InterruptedException {
      stop = true;
      join();
    }

    void awaitMore() {
      int before = oks.get();
      await().atMost(Duration.ofSeconds(30)).until(() -> oks.get() > before + 10);
    }
  }

  @Test
  void killedAndRestarted(@TempDir Path folder) throws InterruptedException {
    under(
        folder,
        shards -> {
          shards.server(LOST).kill();
        },
        shards -> {
          shards.server(LOST).restart();
          shards.server(LOST).awaitReady();
        });
  }

  @Test
  void pausedForLongerThanTheTimeout(@TempDir Path folder) throws InterruptedException {
    under(folder, shards -> shards.server(LOST).pause(), shards -> shards.server(LOST).resume());
  }

  private interface Step {
    void on(Shards shards);
  }

  private static void under(Path folder, Step harm, Step heal) throws InterruptedException {
    try (Shards shards = new Shards(folder, 3, "backend.reply-timeout=500ms")) {
      List<Writer> writers = new ArrayList<>();
      for (String tag : shards.keyOnEach("tag")) {
        writers.add(new Writer(shards, tag));
      }
      writers.forEach(Thread::start);
      writers.forEach(Writer::awaitMore);

      harm.on(shards);
      Writer affected = writers.get(LOST);
      writers.get(0).awaitMore();
      writers.get(2).awaitMore();
      await().atMost(Duration.ofSeconds(30)).until(() -> isRefused(shards, affected.tag));
      heal.on(shards);
      writers.forEach(Writer::awaitMore);
      for (Writer writer : writers) {
        writer.end();
      }

      assertThat(writers.get(0).told.values()).containsOnly("OK");
      assertThat(writers.get(2).told.values()).containsOnly("OK");
      assertThat(affected.told.values()).anyMatch(reply -> !reply.equals("OK"));
      assertTruth(shards, affected);
    }
  }

  private static boolean isRefused(Shards shards, String tag) {
    try (Jedis client = shards.client()) {
      client.get("{" + tag + "}probe");
      return false;
    } catch (JedisDataException refused) {
      return true;
    }
  }

  private static void assertTruth(Shards shards, Writer writer) {
    try (Jedis server = shards.directly(LOST)) {
      writer.told.forEach(
          (key, reply) -> {
            if (reply.equals("OK")) {
              assertThat(server.exists(key)).as("acknowledged %s", key).isTrue();
            } else if (!reply.startsWith("UNCERTAIN ")) {
              assertThat(reply).startsWith("UNAVAILABLE ");
              assertThat(server.exists(key)).as("%s of %s", reply, key).isFalse();
            }
          });
    }
  }
}
