package io.ringmaster.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.Shards;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.protocol.command.Treatment;
import io.ringmaster.proxy.demo.RedisBinary;
import io.ringmaster.proxy.demo.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long runs: {@code -Ddifferential.requests=1000000 -Ddifferential.seed=7}. A difference names its
 * seed, with which it comes again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialTest {

  /** No fields, members or elements in the order of a hash table with a random seed. */
  static final List<String> ORDERED =
      List.of(
          "--hash-max-listpack-entries",
          "1000000",
          "--hash-max-listpack-value",
          "1000000",
          "--zset-max-listpack-entries",
          "1000000",
          "--zset-max-listpack-value",
          "1000000",
          "--set-max-intset-entries",
          "1000000",
          "--appendonly",
          "no",
          "--save",
          "");

  private static final long REQUESTS = Long.getLong("differential.requests", 40_000);
  private static final long SEED = Long.getLong("differential.seed", 1);

  private final CommandTable table = CommandTable.load();
  private RedisProcess plain;
  private RedisProcess secondPlain;
  private Shards shards;

  @BeforeAll
  void start(@TempDir Path folder) {
    Path binary = RedisBinary.locate("", Map.of("PATH", "" + System.getenv("PATH")), folder);
    plain = RedisProcess.start(binary, folder.resolve("plain"), ORDERED.toArray(String[]::new));
    secondPlain =
        RedisProcess.start(binary, folder.resolve("second"), ORDERED.toArray(String[]::new));
    shards = new Shards(folder.resolve("shards"), 3, ORDERED, "listen.threads=1");
  }

  @AfterAll
  void stop() {
    shards.close();
    secondPlain.close();
    plain.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void repliesAreThoseOfOnePlainServer(int version) throws IOException {
    try (Duel duel = new Duel(SEED, version, plain.port(), shards.port(), table)) {
      duel.run(REQUESTS);
      duel.compareData();

      assertThat(duel.differences()).isEmpty();
      assertThat(duel.compared()).isGreaterThanOrEqualTo(REQUESTS);
      assertThat(withoutSuccess(duel)).isSubsetOf(newerThanServer());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void twoPlainServersAnswerAlike(int version) throws IOException {
    try (Duel duel = new Duel(SEED, version, plain.port(), secondPlain.port(), table)) {
      duel.run(REQUESTS / 4);
      duel.compareData();

      assertThat(duel.differences()).isEmpty();
    }
  }

  @Test
  void oneChangedByteIsNoticed() throws IOException {
    try (Distorter distorter = new Distorter(shards.port(), 2_000);
        Duel duel = new Duel(SEED, 3, plain.port(), distorter.port(), table)) {
      duel.run(2_000);

      assertThat(duel.differences()).isNotEmpty();
    }
  }

  @Test
  void grammarHasEveryCommandThatIsSentToServers() throws IOException {
    Set<Treatment> sent = Set.of(Treatment.ROUTED, Treatment.SPLIT, Treatment.BROADCAST);
    List<String> expected =
        table.all().stream()
            .filter(command -> sent.contains(command.treatment()))
            .map(CommandSpec::name)
            .toList();
    try (Duel duel = new Duel(SEED, 2, plain.port(), secondPlain.port(), table)) {
      assertThat(duel.commands()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static List<String> withoutSuccess(Duel duel) {
    List<String> names = new ArrayList<>(duel.commands());
    names.removeAll(duel.valid().keySet());
    // Their only result without the policy they need is an error.
    names.remove("object|freq");
    return names;
  }

  /** Commands that this server need not know. */
  private Set<String> newerThanServer() throws IOException {
    Set<String> newer = new HashSet<>();
    try (Endpoint server = new Endpoint(plain.port(), 2)) {
      for (CommandSpec command : table.all()) {
        String[] name = command.name().split("\\|");
        if (server.call(Request.of("COMMAND", "INFO", name[0])).parts().get(1).equals("*-1")
            || server.call(Request.of("COMMAND", "INFO", name[0])).parts().get(1).equals("$-1")) {
          newer.add(command.name());
        }
      }
    }
    return newer;
  }
}
