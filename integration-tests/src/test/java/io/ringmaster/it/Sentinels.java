package io.ringmaster.it;

import io.ringmaster.protocol.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Three Sentinels that watch one master, which they call {@code it}. */
final class Sentinels implements AutoCloseable {

  private static final int COUNT = 3;

  private final List<Integer> ports = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  /** Returns when each knows the others and {@code replicas} of the master. */
  Sentinels(Path binary, Path folder, int master, int replicas) {
    for (int i = 0; i < COUNT; i++) {
      ports.add(FreePorts.next());
      processes.add(start(binary, folder.resolve("sentinel" + i), ports.getLast(), master));
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(
            () ->
                all(sentinel -> sentinel.sentinelSentinels("it").size() == COUNT - 1)
                    && all(sentinel -> sentinel.sentinelReplicas("it").size() == replicas));
  }

  private static Process start(Path binary, Path folder, int port, int master) {
    List<String> lines =
        List.of(
            "port " + port,
            "bind 127.0.0.1",
            "dir " + folder,
            "sentinel monitor it 127.0.0.1 " + master + " 2",
            "sentinel down-after-milliseconds it 1000",
            "sentinel failover-timeout it 3000");
    try {
      Files.createDirectories(folder);
      Path file = Files.write(folder.resolve("sentinel.conf"), lines);
      return new ProcessBuilder(binary.toString(), file.toString(), "--sentinel")
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first. */
  String address() {
    return "127.0.0.1:" + ports.getFirst();
  }

  /** Whether this holds for each. */
  boolean all(Predicate<Jedis> condition) {
    for (int port : ports) {
      try (Jedis sentinel = new Jedis("127.0.0.1", port)) {
        if (!condition.test(sentinel)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Ends the last. */
  void killOne() {
    end(processes.getLast());
  }

  @Override
  public void close() {
    processes.forEach(Sentinels::end);
  }

  private static void end(Process process) {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
