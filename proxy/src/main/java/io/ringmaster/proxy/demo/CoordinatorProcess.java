package io.ringmaster.proxy.demo;

import io.ringmaster.proxy.failure.FileFailures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A coordinator of a demo in a process of its own. When the JVM is killed, it ends, too. */
public final class CoordinatorProcess implements AutoCloseable {

  private static final String READY = "ringmaster ready on ";
  private static final int SECONDS_TO_STOP = 15;

  private final Path log;
  private final Process process;
  private final Process guard;

  private CoordinatorProcess(Path log, Process process) {
    this.log = log;
    this.process = process;
    this.guard = Guard.of(process);
  }

  /**
   * Starts it and returns at once.
   *
   * @param directory its log, {@code ringmaster.log}; made when absent
   */
  public static CoordinatorProcess launch(ProcessBuilder command, Path directory) {
    Path log = directory.resolve("ringmaster.log");
    try {
      Files.createDirectories(directory);
      Process process =
          command.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
      return new CoordinatorProcess(log, process);
    } catch (IOException e) {
      throw new DemoException("cannot start a coordinator: " + FileFailures.reason(e), e);
    }
  }

  /**
   * Waits until it accepts connections; where it does.
   *
   * @throws DemoException when it ends instead
   */
  public String awaitReady() {
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(READY)) {
          return line.substring(READY.length());
        }
      }
      throw new DemoException("a coordinator ended, see " + log);
    } catch (IOException e) {
      throw new DemoException("a coordinator ended, see " + log, e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Asks it to stop and returns at once, so that many can stop together. */
  public void requestStop() {
    process.destroy();
  }

  @Override
  public void close() {
    requestStop();
    try {
      if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    guard.destroyForcibly();
  }
}
