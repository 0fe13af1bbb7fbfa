package io.ringmaster.it.gate;

import io.ringmaster.proxy.demo.RedisProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One server of a test, with a connection of the test's own. */
final class Server implements AutoCloseable {

  /** Writes survive a kill: with less, a write may wait in memory for a sync that is under way. */
  static final String[] DURABLE = {"--appendfsync", "always"};

  private final RedisProcess process;
  private final Path folder;
  private final List<Client> clients = new ArrayList<>();
  private Client own;

  Server(RedisProcess process, Path folder) throws IOException {
    this.process = process;
    this.folder = folder;
    this.own = client();
  }

  /** A further connection. */
  Client client() throws IOException {
    Client client = new Client(process.port());
    clients.add(client);
    return client;
  }

  /** A further connection as {@code user}. */
  Client client(String user, String password) throws IOException {
    Client client = client();
    String reply = client.call("AUTH", user, password);
    if (!reply.equals("OK")) {
      throw new IOException(reply);
    }
    return client;
  }

  List<Client> clients(int count) throws IOException {
    List<Client> more = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      more.add(client());
    }
    return more;
  }

  String call(String... words) throws IOException {
    return own.call(words);
  }

  /** Writes {@code key:1} to {@code key:count}. */
  void fill(int count) throws IOException {
    call("EVAL", "for i = 1, ARGV[1] do redis.call('SET', 'key:' .. i, i) end", "0", "" + count);
  }

  String port() {
    return "" + process.port();
  }

  /** A line of {@code INFO}; empty when there is none. */
  String info(String field) throws IOException {
    return field(call("INFO", "everything"), field);
  }

  static String field(String info, String field) {
    return info.lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1))
        .findFirst()
        .orElse("");
  }

  long number(String field) throws IOException {
    return Long.parseLong(info(field));
  }

  /** Becomes a replica and waits until the leader counts on it. */
  void follow(Server leader) throws IOException {
    call("REPLICAOF", "127.0.0.1", leader.port());
    Wait.until(
        () ->
            info("master_link_status").equals("up")
                && leader.info("role").equals("master")
                && leader.counts(this));
  }

  /** Cuts it from its leader as a coordinator does. */
  void seal() throws IOException {
    call("REPLICAOF", "127.0.0.1", "1");
  }

  void promote() throws IOException {
    call("REPLICAOF", "NO", "ONE");
  }

  boolean counts(Server replica) throws IOException {
    return call("INFO", "replication").contains("port=" + replica.port() + ",state=online");
  }

  /**
   * Waits until one attempt to sync with it, begun from now on, has ended: that is when the one
   * after it begins.
   */
  void awaitAttemptToSync() throws IOException {
    long before = number("total_connections_received");
    Wait.until(() -> number("total_connections_received") >= before + 2);
  }

  void pause() {
    process.pause();
  }

  void resume() {
    process.resume();
  }

  /** Kills it, and first what it has forked, which would go on and write to its folder. */
  void kill() {
    if (process.isAlive()) {
      process.pause();
      ProcessHandle.of(process.pid()).stream()
          .flatMap(ProcessHandle::children)
          .forEach(ProcessHandle::destroyForcibly);
      process.kill();
    }
  }

  /** Kills it and starts it with the data that it has on disk. */
  void restart() throws IOException {
    kill();
    process.restart();
    process.awaitReady();
    own = client();
  }

  /** The same without waiting until it has loaded its data; a connection to it. */
  Client restartUnready() {
    kill();
    process.restart();
    Wait.until(this::listens);
    return clients.getLast();
  }

  private boolean listens() throws IOException {
    try {
      client();
      return true;
    } catch (ConnectException notYet) {
      return false;
    }
  }

  /** Kills it, takes its data and starts it. */
  void restartEmpty() throws IOException {
    kill();
    empty(folder);
    restart();
  }

  /** Removes all that is in {@code folder}. */
  static void empty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (Files.isDirectory(file)) {
          empty(file);
        }
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.close();
    }
    kill();
  }
}
