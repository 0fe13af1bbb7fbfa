package io.ringmaster.it.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.Programs;
import io.ringmaster.it.Shards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code redis-cli} and {@code redis-benchmark}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToolsTest {

  private Path folder;
  private @Nullable Shards shards;

  @BeforeAll
  void start(@TempDir Path temporary) {
    folder = temporary;
    Programs.need("redis-cli", "redis-benchmark");
    shards = new Shards(folder, 3);
  }

  @AfterAll
  void stop() {
    if (shards != null) {
      shards.close();
    }
  }

  @BeforeEach
  void empty() throws IOException {
    assertThat(cli("FLUSHALL")).isEqualTo("OK\n");
  }

  @Test
  void setsAndGetsByArgument() throws IOException {
    assertThat(cli("SET", "argument", "a value")).isEqualTo("OK\n");
    assertThat(cli("GET", "argument")).isEqualTo("a value\n");
    assertThat(cli("-3", "HSET", "hash", "f", "v")).isEqualTo("1\n");
    assertThat(cli("-3", "HGETALL", "hash")).isEqualTo("f v\n");
    assertThat(cli("-n", "5", "EXISTS", "argument")).isEqualTo("0\n");
  }

  @Test
  void takesCommandsFromItsInput() throws IOException {
    String commands = "SET input 1\nINCR input\nPING\nLPUSH list a b c\nLRANGE list 0 -1\n";
    assertThat(cliReading(commands)).isEqualTo("OK\n2\nPONG\n3\nc\nb\na\n");
  }

  @Test
  void scansAllKeys() throws IOException {
    fill(5000);
    List<String> keys = cli("--scan", "--pattern", "key:*").lines().sorted().toList();
    List<String> written = IntStream.range(0, 5000).mapToObj(i -> "key:" + i).sorted().toList();
    assertThat(keys).isEqualTo(written);
  }

  @Test
  void findsTheBiggestKeys() throws IOException {
    fill(1000);
    cli("SET", "long", "x".repeat(1000));
    cli("RPUSH", "list", "a", "b", "c");
    assertThat(cli("--bigkeys"))
        .contains("Sampled 1002 keys in the keyspace!")
        .containsPattern("Biggest string found .?\"long\".? has 1000 bytes")
        .containsPattern("Biggest\\s+list found .?\"list\".? has 3 items");
  }

  @Test
  void loadsAHundredThousandKeysThroughThePipe() throws IOException {
    assertThat(fill(100_000)).contains("errors: 0, replies: 100000");
    assertThat(cli("DBSIZE")).isEqualTo("100000\n");
  }

  @ParameterizedTest(name = "redis-benchmark {0}")
  @ValueSource(strings = {"-P 1", "-P 16", "-3 -P 1", "-3 -P 16"})
  void benchmarkRunsItsDefaultTests(String options) throws IOException {
    // Few requests: the detection of leaks, which tests run with, makes long replies slow.
    List<String> arguments = List.of(("-q -n 800 " + options).split(" "));
    String output = run("redis-benchmark", "", arguments);
    assertThat(output.split("requests per second", -1)).hasSizeGreaterThan(18);
  }

  private String fill(int count) throws IOException {
    return cliReading(
        IntStream.range(0, count)
            .mapToObj(i -> "SET key:" + i + " v" + i + "\r\n")
            .collect(Collectors.joining()),
        "--pipe");
  }

  private String cli(String... arguments) throws IOException {
    return cliReading("", arguments);
  }

  private String cliReading(String input, String... arguments) throws IOException {
    return run("redis-cli", input, List.of(arguments));
  }

  private String run(String tool, String input, List<String> arguments) throws IOException {
    int port = Objects.requireNonNull(shards).port();
    List<String> command = new ArrayList<>(List.of(tool, "-p", "" + port));
    command.addAll(arguments);
    Programs.Result result = Programs.run(folder, input, command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).doesNotContain("ERR", "Error", "error:");
    return result.output();
  }
}
