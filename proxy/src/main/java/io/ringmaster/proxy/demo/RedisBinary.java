package io.ringmaster.proxy.demo;

import io.ringmaster.proxy.failure.FileFailures;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a server program: the configured one, one on PATH, or the Redis that ships inside a
 * dependency.
 */
public final class RedisBinary {
  /** Environment variable that names a server program. */
  public static final String VARIABLE = "RINGMASTER_REDIS_SERVER";

  private static final List<String> NAMES = List.of("redis-server", "valkey-server");
  private static final String EMBEDDED = "redis-server-6.2.6-v5-";

  private RedisBinary() {}

  /**
   * The program to start.
   *
   * @param configured path or name, empty to look for one
   * @param environment the process's environment: {@value #VARIABLE} and PATH are read
   * @param directory where the Redis that ships inside is unpacked, when there is no other
   * @throws DemoException when the configured program does not exist, or there is none for this
   *     system
   */
  public static Path locate(String configured, Map<String, String> environment, Path directory) {
    String wanted = configured.isEmpty() ? environment.getOrDefault(VARIABLE, "") : configured;
    String searchPath = environment.getOrDefault("PATH", "");
    if (!wanted.isEmpty()) {
      return find(wanted, searchPath)
          .orElseThrow(
              () ->
                  new DemoException(
                      "server program " + wanted + " is not there or cannot be executed"));
    }
    return NAMES.stream()
        .flatMap(name -> find(name, searchPath).stream())
        .findFirst()
        .orElseGet(() -> unpack(directory));
  }

  /** Unpacks the Redis that ships inside, unless it is there already. */
  public static Path unpack(Path directory) {
    String resource = resource();
    Path target = directory.resolve("redis-server");
    try (InputStream content = RedisBinary.class.getClassLoader().getResourceAsStream(resource)) {
      if (content == null) {
        throw new DemoException(noneFor());
      }
      Files.createDirectories(directory);
      Path partial = Files.createTempFile(directory, "redis-server", ".part");
      write(content, partial);
      if (!partial.toFile().setExecutable(true)) {
        throw new DemoException(partial + " cannot be made executable");
      }
      return Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DemoException(
          "cannot unpack a Redis server into " + directory + ": " + FileFailures.reason(e), e);
    }
  }

  /**
   * By a process of its own: a file that this one has open for writing is open in whatever another
   * thread starts meanwhile as well, and cannot be executed until that has closed it.
   */
  private static void write(InputStream content, Path file) throws IOException {
    Process writer =
        new ProcessBuilder("tee", file.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream input = writer.getOutputStream()) {
      content.transferTo(input);
    }
    int status = writer.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException("writing " + file + " ended with " + status);
    }
  }

  private static Optional<Path> find(String name, String searchPath) {
    Stream<Path> candidates =
        name.contains("/")
            ? Stream.of(Path.of(name))
            : Stream.of(searchPath.split(File.pathSeparator))
                .filter(s -> !s.isEmpty())
                .map(folder -> Path.of(folder, name));
    return candidates
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .map(Path::toAbsolutePath)
        .findFirst();
  }

  private static String resource() {
    boolean arm = List.of("aarch64", "arm64").contains(System.getProperty("os.arch", ""));
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("mac")) {
      return EMBEDDED + (arm ? "darwin-arm64" : "darwin-amd64");
    }
    if (system.contains("linux")) {
      return arm ? "redis-server-6.2.7-linux-arm64" : EMBEDDED + "linux-amd64";
    }
    throw new DemoException(noneFor());
  }

  private static String noneFor() {
    return "no redis-server or valkey-server on PATH, and none ships for this system; name one with"
        + " --set demo.server=PATH";
  }
}
