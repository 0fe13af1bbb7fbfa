package io.ringmaster.it.gate;

import io.ringmaster.proxy.demo.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The servers of one test, all of one version. Closing ends them and removes their data. */
final class Servers implements AutoCloseable {

  private final Candidate candidate;
  private final List<Server> started = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();

  Servers(Candidate candidate) {
    this.candidate = candidate;
  }

  Candidate candidate() {
    return candidate;
  }

  Server start(String... options) throws IOException {
    Path folder = folder();
    Server server = new Server(RedisProcess.start(candidate.binary(), folder, options), folder);
    started.add(server);
    return server;
  }

  /** A replica that is in sync. */
  Server startReplicaOf(Server leader, String... options) throws IOException {
    Server replica = start(options);
    replica.follow(leader);
    return replica;
  }

  /** A folder that is removed in the end. */
  Path folder() throws IOException {
    Path folder = Files.createTempDirectory("gate");
    folders.add(folder);
    return folder;
  }

  /** Says what was seen, for the table of {@code docs/compatibility.md}. */
  void note(String seen) {
    System.out.println("SEEN " + candidate + ": " + seen);
  }

  @Override
  public void close() throws IOException {
    for (Server server : started) {
      server.close();
    }
    for (Path folder : folders) {
      Server.empty(folder);
      Files.delete(folder);
    }
  }

  @Override
  public String toString() {
    return candidate.toString();
  }
}
