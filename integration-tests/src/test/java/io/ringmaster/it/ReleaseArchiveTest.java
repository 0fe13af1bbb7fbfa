package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The release archive, unpacked and run by its own start script; made where the profile is on. */
@EnabledIfSystemProperty(named = ReleaseArchiveTest.ARCHIVE, matches = ".+")
final class ReleaseArchiveTest {
  static final String ARCHIVE = "ringmaster.release";

  @TempDir Path folder;
  private Path unpacked = Path.of("");

  @BeforeEach
  void unpack() throws IOException {
    unpacked = Files.createDirectory(folder.resolve("unpacked"));
    String archive = Objects.requireNonNull(System.getProperty(ARCHIVE));
    List<String> tar = List.of("tar", "-xzf", archive, "-C", unpacked.toString());
    assertThat(Programs.run(folder, tar)).isEqualTo(new Programs.Result(0, ""));
  }

  @Test
  void holdsOneFolderNamedAfterTheVersionItPrints() throws IOException {
    String version = home().getFileName().toString().substring("ringmaster-".length());

    Programs.Result result = Programs.run(folder, command("version"));

    assertThat(result.output()).startsWith("ringmaster " + version + ",").hasLineCount(1);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void servesWithItsClassDataArchiveAndWithoutAnotherProcess() throws Exception {
    List<Path> files = files();
    ProcessBuilder builder =
        new ProcessBuilder(
            command("serve", "--shard", "127.0.0.1:1", "--port", "0", "--set", "http.port=0"));
    builder.environment().put("RINGMASTER_OPTS", withClassDataOrNotAtAll());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.lines().anyMatch(line -> line.startsWith("ringmaster ready on "))).isTrue();
      assertThat(process.descendants()).isEmpty();
      assertThat(process.info().commandLine().orElseThrow()).contains(classData().toString());
      assertThat(files()).isEqualTo(files);
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void startsSilentlyWhereItsClassDataArchiveDoesNotFit() throws IOException {
    Files.writeString(classData(), "made by another JDK");

    Programs.Result result =
        Programs.run(
            folder,
            command("check", "--config", home().resolve("conf/ringmaster.conf").toString()));

    assertThat(result.output()).startsWith("configuration is valid").hasLineCount(1);
    assertThat(result.exitCode()).isZero();
  }

  private List<String> command(String... arguments) throws IOException {
    String script = home().resolve("bin/ringmaster").toString();
    return Stream.concat(Stream.of(script), Stream.of(arguments)).toList();
  }

  private Path home() throws IOException {
    try (Stream<Path> top = Files.list(unpacked)) {
      List<Path> all = top.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  private Path classData() throws IOException {
    return files().stream()
        .filter(file -> file.getFileName().toString().startsWith("classes-"))
        .findAny()
        .orElseThrow();
  }

  /** The option by which a JVM ends that cannot use the archive it is given. */
  private String withClassDataOrNotAtAll() throws IOException {
    return classData().toString().endsWith(".aot") ? "-XX:AOTMode=on" : "-Xshare:on";
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(unpacked)) {
      return files.sorted().toList();
    }
  }
}
