package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.Programs;
import io.ringmaster.it.Shards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** A client library that keeps cursors as numbers. */
class NodeScanTest {

  private static final int KEYS = 20_000;

  @Test
  void anIteratorOverTwelveShardsFindsEveryKeyAndEnds(@TempDir Path folder) throws IOException {
    Path scripts = NodeScripts.install();
    try (Shards shards = new Shards(folder, 12, List.of("--save", ""));
        Jedis client = new Jedis("127.0.0.1", shards.port(), 20_000)) {
      Pipeline pipeline = client.pipelined();
      for (int i = 0; i < KEYS; i++) {
        pipeline.set("key" + i, "v");
      }
      pipeline.sync();
      Programs.Result result =
          Programs.run(scripts, List.of("node", "scan-as-numbers.js", "" + shards.port()));
      assertThat(result.output().strip()).isEqualTo(KEYS + " keys, to the end");
    }
  }
}
