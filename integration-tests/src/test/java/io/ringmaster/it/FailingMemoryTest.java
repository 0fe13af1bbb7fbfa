package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.protocol.memory.FailingAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A shard under a coordinator that has no memory for this and that, in its data loop, its barriers
 * and its control loop: no reply is somebody else's, nothing acknowledged is lost, and once there
 * is memory again the shard is well by itself.
 */
@Timeout(300)
@Isolated
class FailingMemoryTest {

  private static final int CLIENTS = 4;

  private final FailingAllocator allocator = new FailingAllocator();

  @Test
  void nothingIsLostAndNobodyGetsWhatIsNotHis(@TempDir Path folder) {
    try (ReplicatedShard shard = ReplicatedShard.coordinated(allocator, folder, 3)) {
      awaitWrite(shard);
      List<CheckedWrites> writers = new ArrayList<>();
      List<OwnValues> values = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        writers.add(new CheckedWrites(shard::client, "w" + i + ":", Duration.ofMillis(1)));
        values.add(new OwnValues(shard::client, i));
      }
      CheckedRegister register = new CheckedRegister("register", shard::client, shard::client);
      try (register) {
        for (int every : List.of(307, 97, 41)) {
          allocator.failEvery(every);
          values.forEach(each -> each.awaitMore(2_000));
          writers.forEach(each -> each.awaitMore(100));
        }
        shard.server(0).kill();
        shard.server(0).restart();
        writers.forEach(each -> each.awaitMore(100));
        allocator.failEvery(0);
        int read = register.count();
        await().atMost(Duration.ofSeconds(60)).until(() -> register.count() > read + 50);
      } finally {
        allocator.failEvery(0);
        values.forEach(OwnValues::close);
        writers.forEach(CheckedWrites::close);
      }
      assertThat(allocator.failures()).isGreaterThan(100);
      assertThat(register.wrong()).isEmpty();
      assertThat(values).flatExtracting(OwnValues::wrong).isEmpty();
      try (Jedis client = shard.client()) {
        assertThat(writers).flatExtracting(each -> each.missing(client)).isEmpty();
      }
    }
  }

  private static void awaitWrite(ReplicatedShard shard) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(
            () -> {
              try (Jedis client = shard.client()) {
                return client.set("probe", "value").equals("OK");
              }
            });
  }
}
