package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.ringmaster.it.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The client libraries of Node.js, by the scripts in {@code src/test/node}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeTest {

  private Path scripts;
  private @Nullable Servers servers;

  @BeforeAll
  void install(@TempDir Path folder) throws IOException {
    scripts = NodeScripts.install();
    servers = new Servers(folder);
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> ioredis() throws IOException {
    return checksOf("ioredis.js");
  }

  @TestFactory
  Stream<DynamicTest> nodeRedis() throws IOException {
    return checksOf("node-redis.js");
  }

  /** Each line that the script prints is the outcome of one check. */
  private Stream<DynamicTest> checksOf(String script) throws IOException {
    Servers asked = Objects.requireNonNull(servers);
    Programs.Result result =
        Programs.run(
            scripts, List.of("node", script, "" + asked.proxyPort(), "" + asked.plainPort()));
    List<String> lines = result.output().lines().toList();
    return Stream.concat(
        lines.stream().map(line -> dynamicTest(line, () -> assertThat(line).startsWith("ok "))),
        Stream.of(
            dynamicTest(
                "runs to its end",
                () -> {
                  assertThat(result.exitCode()).as(result.output()).isZero();
                  assertThat(lines).hasSizeGreaterThanOrEqualTo(20);
                })));
  }
}
