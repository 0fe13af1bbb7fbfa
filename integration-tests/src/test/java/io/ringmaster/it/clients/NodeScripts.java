package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.it.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The scripts in {@code src/test/node}, with the libraries that they use. */
final class NodeScripts {

  private static final Path SCRIPTS = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");

  private NodeScripts() {}

  /** The folder in which they can be run; skips the test where there is no Node.js. */
  static Path install() throws IOException {
    Programs.need("node", "npm");
    Files.createDirectories(INSTALLED);
    try (Stream<Path> files = Files.list(SCRIPTS).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        Files.write(INSTALLED.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    List<String> command = List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
    Programs.Result result = Programs.run(INSTALLED, command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return INSTALLED;
  }
}
