package io.ringmaster.proxy.demo;

import io.ringmaster.proxy.config.Settings.Shard;
import io.ringmaster.proxy.failure.FileFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers of a demo: some shards of some nodes each, one leader, the others its replicas by
 * Redis' own replication. {@link #close} may be called from another thread while {@link #start}
 * still runs; every server that was started ends.
 */
public final class DemoCluster implements AutoCloseable {
  private final DemoDirectory directory;
  private final Path binary;
  private final int databases;
  private final List<RedisProcess> processes = new ArrayList<>();
  private boolean closed;

  /**
   * Prepares a demo that runs the given program and keeps everything in the directory, which it
   * takes over.
   *
   * @param databases how many each server has
   */
  public DemoCluster(Path binary, DemoDirectory directory, int databases) {
    this.binary = binary;
    this.directory = directory;
    this.databases = databases;
  }

  /**
   * Starts all servers and waits until they answer.
   *
   * @throws DemoException when one does not start, or the directory holds a demo of another size
   */
  public List<Shard> start(int shards, int nodesPerShard) {
    directory.claim(shards);
    List<RedisProcess> leaders = new ArrayList<>();
    for (int shard = 1; shard <= shards; shard++) {
      leaders.add(launch(shard, 1, List.of()));
    }
    leaders.forEach(RedisProcess::awaitReady);
    List<List<RedisProcess>> replicas = new ArrayList<>();
    for (int shard = 1; shard <= shards; shard++) {
      replicas.add(launchReplicas(shard, nodesPerShard, leaders.get(shard - 1)));
    }
    List<Shard> result = new ArrayList<>();
    for (int shard = 1; shard <= shards; shard++) {
      result.add(describe(shard, leaders.get(shard - 1), replicas.get(shard - 1)));
    }
    return result;
  }

  /** Stops every server; removes the directory when it is a temporary one. */
  @Override
  public void close() {
    synchronized (processes) {
      closed = true;
    }
    processes.forEach(RedisProcess::requestStop);
    processes.forEach(RedisProcess::close);
    try {
      directory.close();
    } catch (IOException e) {
      throw new DemoException(
          "cannot remove " + directory.path() + ": " + FileFailures.reason(e), e);
    }
  }

  private List<RedisProcess> launchReplicas(int shard, int nodesPerShard, RedisProcess leader) {
    List<String> options =
        List.of("--replicaof", leader.address().host(), String.valueOf(leader.port()));
    List<RedisProcess> replicas = new ArrayList<>();
    for (int node = 2; node <= nodesPerShard; node++) {
      replicas.add(launch(shard, node, options));
    }
    return replicas;
  }

  private RedisProcess launch(int shard, int node, List<String> more) {
    List<String> options = new ArrayList<>(List.of("--databases", "" + databases));
    options.addAll(more);
    Path home = directory.path().resolve("s" + shard + "-n" + node);
    synchronized (processes) {
      if (closed) {
        throw new DemoException("stopped while starting");
      }
      RedisProcess process = RedisProcess.launch(binary, home, options);
      processes.add(process);
      return process;
    }
  }

  private static Shard describe(int number, RedisProcess leader, List<RedisProcess> replicas) {
    replicas.forEach(RedisProcess::awaitReady);
    return new Shard(
        "s" + number, 1, leader.address(), replicas.stream().map(RedisProcess::address).toList());
  }
}
