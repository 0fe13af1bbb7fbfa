package io.ringmaster.it.gate;

import io.ringmaster.it.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server program and what it says it is. */
record Candidate(String product, String version, Path binary) {

  private static final Pattern NAME = Pattern.compile("(\\w+) server v=(\\S+)");

  /** Asks the program; {@code folder} is for its output. */
  static Candidate of(Path binary, Path folder) throws IOException {
    String text = Programs.run(folder, List.of("" + binary, "--version")).output();
    Matcher name = NAME.matcher(text);
    if (!name.find()) {
      throw new IOException(binary + " is no server: " + text);
    }
    return new Candidate(name.group(1), name.group(2), binary);
  }

  boolean is(String name) {
    return product.equals(name);
  }

  /** Whether its version is below {@code major.minor}. */
  boolean isBefore(int major, int minor) {
    String[] numbers = version.split("\\.");
    int own = Integer.parseInt(numbers[0]) * 1000 + Integer.parseInt(numbers[1]);
    return own < major * 1000 + minor;
  }

  @Override
  public String toString() {
    return product + " " + version;
  }
}
