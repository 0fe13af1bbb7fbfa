package io.ringmaster.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.Shards;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.memory.FailingAllocator;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** While the proxy has no memory for this and that, nobody gets a reply that is not his. */
@Timeout(300)
class FaultyReadsTest {

  private static final int FILLING = 4_000;
  private static final int READS = 20_000;

  private final CommandTable table = CommandTable.load();

  @ParameterizedTest
  @CsvSource({"2, 7", "3, 53"})
  void everyReplyIsTheOneThatWasAskedFor(int version, int every, @TempDir Path folder)
      throws IOException {
    FailingAllocator allocator = new FailingAllocator();
    List<String> options = DifferentialTest.ORDERED;
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    try (RedisProcess plain =
            RedisProcess.start(binary, folder.resolve("plain"), options.toArray(String[]::new));
        Shards shards =
            new Shards(
                allocator, folder.resolve("shards"), 3, options, "backend.reconnect-max=50ms")) {
      try (Duel duel = new Duel(version, version, plain.port(), shards.port(), table)) {
        duel.run(FILLING);
        assertThat(duel.differences()).isEmpty();
      }
      try (FaultyReads reads =
          new FaultyReads(version, version, plain.port(), shards.port(), table)) {
        allocator.failEvery(every);
        reads.run(READS);
        allocator.failEvery(0);
        assertThat(reads.differences()).isEmpty();
        assertThat(reads.answered()).isPositive();
        assertThat(reads.refused() + reads.ended()).isPositive();
        assertThat(allocator.failures()).isPositive();
      }
      try (FaultyReads after =
          new FaultyReads(version, version, plain.port(), shards.port(), table)) {
        after.run(FILLING);
        assertThat(after.differences()).isEmpty();
        assertThat(after.ended()).isZero();
      }
    }
  }
}
