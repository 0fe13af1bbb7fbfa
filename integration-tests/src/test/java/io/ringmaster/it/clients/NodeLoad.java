package io.ringmaster.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Load by {@code under-failover.js}, which prints the number of its answers all the time, and a
 * line for each kind of error and each wrong answer when its input ends.
 */
final class NodeLoad implements ClientLoad {

  private static final int PATIENCE_SECONDS = 60;

  private final String library;
  private final Path output;
  private final Process process;

  /** {@code installed}: where the scripts are; {@code folder}: for its output. */
  NodeLoad(String library, int port, Delivery delivery, String prefix, Path installed, Path folder)
      throws IOException {
    this.library = library;
    this.output = folder.resolve(prefix + "." + library);
    this.process =
        new ProcessBuilder("node", "under-failover.js", library, "" + port, delivery.name(), prefix)
            .directory(installed.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  @Override
  public String library() {
    return library;
  }

  @Override
  public int answers() {
    return lines().stream()
        .filter(line -> line.startsWith("progress "))
        .map(line -> Integer.parseInt(line.split(" ", -1)[1]))
        .reduce(0, (former, next) -> next);
  }

  /** Those that it has printed to their end. */
  private List<String> lines() {
    try {
      String text = Files.readString(output);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Outcome finish() {
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(ended).as("%s ends", library).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Map<String, Integer> errors = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    long repeated = 0;
    for (String line : lines()) {
      if (line.startsWith("error ")) {
        String[] words = line.split(" ", -1);
        errors.put(words[1], Integer.valueOf(words[2]));
      } else if (line.startsWith("repeated ")) {
        repeated = Long.parseLong(line.substring("repeated ".length()));
      } else if (!line.startsWith("progress ")) {
        wrong.add(line);
      }
    }
    assertThat(process.exitValue()).as("%s: %s", library, wrong).isZero();
    return new Outcome(errors, wrong, repeated);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
