package io.ringmaster.proxy.demo;

import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.failure.FileFailures;
import io.ringmaster.proxy.failure.NetworkFailures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One Redis or Valkey server as a child process, on loopback and a free port of its own, with an
 * append-only file. It keeps its port and its data through {@link #restart}. When the JVM is
 * killed, a small guard process ends the server. Not thread-safe.
 */
public final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 5;
  private static final String LOOPBACK = "127.0.0.1";
  private static final Optional<String> LOADED = Optional.of("loading:0");

  private final Path binary;
  private final Path directory;
  private final List<String> options;
  private int port;
  private Process server;
  private Process guard;
  private boolean paused;

  private RedisProcess(Path binary, Path directory, List<String> options) {
    this.binary = binary;
    this.directory = directory;
    this.options = List.copyOf(options);
    this.port = rememberedPort();
    this.server = spawn();
    this.guard = Guard.of(server);
  }

  /**
   * Starts a server and returns at once; {@link #awaitReady} waits for it.
   *
   * @param directory its data and its log, {@code redis.log}; made when absent
   * @param options more of its command line, {@code --maxmemory}, {@code 1mb}; these win over the
   *     built-in ones
   */
  public static RedisProcess launch(Path binary, Path directory, List<String> options) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new DemoException("cannot make " + directory + ": " + FileFailures.reason(e), e);
    }
    return new RedisProcess(binary, directory, options);
  }

  /** Starts a server and waits until it answers. */
  public static RedisProcess start(Path binary, Path directory, String... options) {
    RedisProcess process = launch(binary, directory, List.of(options));
    process.awaitReady();
    return process;
  }

  /**
   * Waits until the server has loaded its data and answers. Another port is taken when the one that
   * was free no longer is.
   *
   * @throws DemoException when it does not; the server has ended then
   */
  public void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int attempts = 1;
    while (!answersPing()) {
      if (!server.isAlive()) {
        if (attempts++ == ATTEMPTS || !portWasTaken()) {
          throw new DemoException("the Redis server in " + directory + " ended: " + lastLogLine());
        }
        port = freePort();
        restart();
      }
      if (System.nanoTime() > deadline) {
        kill();
        throw new DemoException(
            "the Redis server in " + directory + " does not answer: " + lastLogLine());
      }
      pauseBeforeNextTry();
    }
  }

  /** Where it listens. */
  public Address address() {
    return new Address(LOOPBACK, port);
  }

  /** Its port on loopback. */
  public int port() {
    return port;
  }

  /** Its process id; another one after {@link #restart}. */
  public long pid() {
    return server.pid();
  }

  /** Whether the process runs; a paused one does. */
  public boolean isAlive() {
    return server.isAlive();
  }

  /** Ends it at once (SIGKILL), as a crash would; returns when it is gone. */
  public void kill() {
    server.destroyForcibly();
    await(server, PATIENCE);
    guard.destroyForcibly();
    paused = false;
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing is answered. */
  public void pause() {
    signal("STOP");
    paused = true;
  }

  /** Lets it go on after {@link #pause} (SIGCONT). */
  public void resume() {
    signal("CONT");
    paused = false;
  }

  /**
   * Starts it again with the same port and data, after {@link #kill} when it still runs; does not
   * wait for it to be ready.
   */
  public void restart() {
    kill();
    server = spawn();
    guard = Guard.of(server);
  }

  /** Stops it in good order, by force after a few seconds. Does nothing when it has ended. */
  @Override
  public void close() {
    requestStop();
    if (!await(server, Duration.ofSeconds(5))) {
      server.destroyForcibly();
      await(server, PATIENCE);
    }
    guard.destroyForcibly();
  }

  /** Asks it to stop and returns at once, so that many can stop together. */
  void requestStop() {
    if (server.isAlive()) {
      if (paused) {
        resume();
      }
      server.destroy();
    }
  }

  private Process spawn() {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(
        List.of("--port", String.valueOf(port), "--bind", LOOPBACK, "--protected-mode", "yes"));
    command.addAll(
        List.of("--dir", directory.toString(), "--logfile", "redis.log", "--daemonize", "no"));
    command.addAll(List.of("--appendonly", "yes", "--save", "", "--repl-diskless-sync-delay", "0"));
    command.addAll(options);
    try {
      Files.writeString(directory.resolve("port"), String.valueOf(port));
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("redis.out").toFile()))
          .start();
    } catch (IOException e) {
      throw new DemoException("cannot start " + binary + ": " + FileFailures.reason(e), e);
    }
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).inheritIO().start();
      await(kill, PATIENCE);
    } catch (IOException e) {
      throw new DemoException("cannot signal the Redis server: " + FileFailures.reason(e), e);
    }
  }

  /** A server that still loads its data answers, but with an error. */
  private boolean answersPing() {
    try (Socket socket = new Socket()) {
      socket.connect(loopback(port), 1000);
      socket.setSoTimeout(1000);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      send(socket, "PING");
      String reply = "" + in.readLine();
      boolean ready = reply.startsWith("+PONG") || reply.startsWith("-NOAUTH");
      if (reply.startsWith("-MASTERDOWN")) {
        // A replica without its leader says this also while it loads.
        send(socket, "INFO persistence");
        ready = in.lines().filter(line -> line.startsWith("loading:")).findFirst().equals(LOADED);
      }
      return ready && server.isAlive();
    } catch (IOException | UncheckedIOException ignored) {
      return false;
    }
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private boolean portWasTaken() {
    return lastLogLine().contains("listen") || lastLogLine().contains("bind");
  }

  private String lastLogLine() {
    List<String> lines = new ArrayList<>(linesOf("redis.out"));
    lines.addAll(linesOf("redis.log"));
    return lines.isEmpty() ? "no log" : lines.getLast();
  }

  private List<String> linesOf(String name) {
    try {
      return Files.readAllLines(directory.resolve(name), StandardCharsets.ISO_8859_1);
    } catch (IOException ignored) {
      return List.of();
    }
  }

  private static boolean await(Process process, Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void pauseBeforeNextTry() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted", e);
    }
  }

  private static InetSocketAddress loopback(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  /** The port of the last time, if it is free: who knows this server by it finds it again. */
  private int rememberedPort() {
    List<String> lines = linesOf("port");
    if (!lines.isEmpty() && lines.getFirst().matches("[0-9]{1,5}")) {
      int last = Integer.parseInt(lines.getFirst());
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(loopback(last));
        return last;
      } catch (IOException taken) {
        return freePort();
      }
    }
    return freePort();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(loopback(0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new DemoException("no free port: " + NetworkFailures.reason(e), e);
    }
  }
}
