package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.loop.SystemClock;
import io.ringmaster.proxy.metadata.Heartbeats;
import io.ringmaster.proxy.metadata.Topologies;
import io.ringmaster.proxy.metadata.log.InitialTopology;
import io.ringmaster.proxy.metadata.log.LogFormat;
import io.ringmaster.proxy.metadata.log.MetadataState;
import io.ringmaster.proxy.metadata.log.Proposal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Prints how long a change of a topology of 16 384 slots and 200 shards takes: from the submission
 * at a coordinator until all three have given it to their subscribers, how much of that the read
 * before each change is, and from the commit as one coordinator knows it until its subscribers have
 * it. Then what heartbeats cost. Three coordinators in this JVM, over loopback, with the disk under
 * the working directory.
 */
public final class PublicationBenchmark {

  private static final int SHARDS = 200;
  private static final int WARM = 300;
  private static final int ROUNDS = 300;
  private static final int IDLE_SECONDS = 15;

  private PublicationBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Topology large = Topologies.of(SHARDS);
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "publication");
    try (Coordinators group = Coordinators.start(3, folder, large)) {
      String leader = group.awaitLeader();
      for (int beat = 0; beat < 20; beat++) {
        group.all().forEach(coordinator -> coordinator.heartbeat(Observations.NONE).join());
      }
      for (String at : List.of(leader, group.aFollower())) {
        submitted(group, at, at.equals(leader) ? "the leader" : "a follower");
      }
      idle(group, Duration.ofHours(1), "without heartbeats");
      idle(group, Duration.ofMillis(500), "with heartbeats of 500 ms");
      idle(group, Duration.ofMillis(100), "with heartbeats of 100 ms");
    } finally {
      delete(folder);
    }
    applied(large);
  }

  /** From an entry as it comes out of the log to subscribers that have its topology. */
  private static void applied(Topology large) {
    MetadataState seeded =
        MetadataState.EMPTY.apply(new InitialTopology(large, "c1", Instant.EPOCH, "1f")).state();
    Publisher publisher = new Publisher(() -> {});
    publisher.subscribe(topology -> {});
    publisher.publish(seeded, 0);
    List<Long> nanos = new ArrayList<>();
    MetadataState state = seeded;
    for (int round = 1; round <= WARM + ROUNDS; round++) {
      String entry = LogFormat.entry(proposal(round));
      long begin = System.nanoTime();
      state = state.apply(LogFormat.entry(entry)).state();
      publisher.publish(state, round);
      nanos.add(System.nanoTime() - begin);
    }
    print("commit known here -> subscribers", last(nanos));
  }

  private static Proposal proposal(int round) {
    return new Proposal(
        "p" + round,
        new SetWeight("s1", 1 + round % 100),
        OptionalLong.empty(),
        "c1",
        "benchmark",
        Instant.EPOCH,
        Duration.ZERO);
  }

  private static void submitted(Coordinators group, String at, String name) throws Exception {
    Map<Long, CountDownLatch> missing = new ConcurrentHashMap<>();
    group
        .all()
        .forEach(
            coordinator ->
                coordinator.subscribe(
                    topology ->
                        missing
                            .computeIfAbsent(topology.epoch(), epoch -> new CountDownLatch(3))
                            .countDown()));
    List<Long> reads = new ArrayList<>();
    List<Long> changes = new ArrayList<>();
    List<Long> everywhere = new ArrayList<>();
    for (int round = 0; round < WARM + ROUNDS; round++) {
      long begin = System.nanoTime();
      group.get(at).read().join();
      long read = System.nanoTime();
      long epoch = group.commit(at, new SetWeight("s1", 1 + round % 100));
      long changed = System.nanoTime();
      missing.computeIfAbsent(epoch, any -> new CountDownLatch(3)).await();
      long end = System.nanoTime();
      reads.add(read - begin);
      changes.add(changed - read);
      everywhere.add(end - read);
    }
    print("the first change at " + name + " -> published at all", everywhere.subList(0, 1));
    print("read at " + name, last(reads));
    print("submit at " + name + " -> committed and published there", last(changes));
    print("submit at " + name + " -> published at all three", last(everywhere));
  }

  /** What three idle coordinators cost. */
  private static void idle(Coordinators group, Duration interval, String name) throws Exception {
    List<Heartbeats> heartbeats = new ArrayList<>();
    group
        .all()
        .forEach(
            one -> heartbeats.add(Heartbeats.start(one, new SystemClock(), interval, sent -> {})));
    Thread.sleep(2000);
    Duration before = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    Thread.sleep(IDLE_SECONDS * 1000);
    Duration after = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    heartbeats.forEach(Heartbeats::close);
    System.out.printf(
        "three idle coordinators %s: %d ms of CPU per second%n",
        name, after.minus(before).toMillis() / IDLE_SECONDS);
  }

  private static List<Long> last(List<Long> nanos) {
    return nanos.subList(WARM, nanos.size());
  }

  private static void print(String what, List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    System.out.printf(
        "%-55s p50 %6.2f  p99 %6.2f  max %6.2f ms%n",
        what,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6,
        sorted.getLast() / 1e6);
  }

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
