package io.ringmaster.it;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the machine that tests run. */
public final class Programs {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private Programs() {}

  /** What a program left: its exit code and all it printed. */
  public record Result(int exitCode, String output) {}

  /**
   * Skips the test when one of these programs is not on PATH. Where the variable {@code CI} is true
   * they have to be there, so that no machine skips tests unnoticed for ever.
   */
  public static void need(String... names) {
    for (String name : names) {
      if (!onPath(name)) {
        String reason = "no " + name + " on PATH";
        if (Boolean.parseBoolean(System.getenv("CI"))) {
          fail(reason);
        }
        abort(reason);
      }
    }
  }

  /** Runs a program in {@code folder} until it ends. */
  public static Result run(Path folder, List<String> command) throws IOException {
    return run(folder, "", command);
  }

  /** Runs a program in {@code folder} until it ends, with {@code input} as its standard input. */
  public static Result run(Path folder, String input, List<String> command) throws IOException {
    Path in = Files.createTempFile(folder, "program", ".in");
    Path out = Files.createTempFile(folder, "program", ".out");
    Files.writeString(in, input);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(command + " does not end, it printed " + Files.readString(out));
      }
      return new Result(process.exitValue(), Files.readString(out));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static boolean onPath(String name) {
    return Stream.of(("" + System.getenv("PATH")).split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }
}
