package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.proxy.loop.SystemClock;
import io.ringmaster.proxy.metadata.Heartbeats;
import io.ringmaster.proxy.metadata.StaticTopology;
import io.ringmaster.proxy.metadata.Topologies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class HeartbeatsTest {

  private static final Duration NEVER = Duration.ofHours(1);
  private static final Clock CLOCK = new SystemClock();

  @TempDir private Path folder;

  @Test
  void whoLeadsKnowsLongBeforeTheIntervalThatAllKnowOfAFencedShard() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      List<Heartbeats> heartbeats = new ArrayList<>();
      group.all().forEach(one -> heartbeats.add(Heartbeats.start(one, CLOCK, NEVER, sent -> {})));
      group.all().forEach(one -> awaitAcknowledged(one, 1));

      long fenced = group.commit("c2", new FenceShard("s1", 2, false));
      awaitAcknowledged(group.get(group.awaitLeader()), fenced);

      heartbeats.forEach(Heartbeats::close);
      group.stopAll();
      group.startAll();
      group.all().forEach(one -> awaitAcknowledged(one, 1));
      assertThat(group.get("c1").topology().epoch()).isEqualTo(2);
      assertThat(group.get("c1").events(10)).hasSize(2);
    }
  }

  private static void awaitAcknowledged(RatisConfigGroup one, long epoch) {
    await()
        .atMost(Coordinators.PATIENCE)
        .until(
            () ->
                one.reports().all().count() == 3
                    && one.reports().all().allMatch(report -> report.epoch() >= epoch));
  }

  @Test
  void whoLeadsIsToldWhatIsDrainedWithoutAnEntryInTheLog() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      group.all().forEach(one -> one.heartbeat(Observations.NONE).join());
      RatisConfigGroup leader = group.get(group.awaitLeader());

      Observations drained = Observations.NONE.withDrained(Map.of("s1", 7L));
      group.all().forEach(one -> one.tell(drained).join());

      assertThat(observations(leader)).containsOnly(drained);
      assertThat(observations(group.get(group.aFollower()))).containsOnly(Observations.NONE);
      Observations later = drained.withDrained(Map.of());
      group.all().forEach(one -> one.heartbeat(later).join());
      assertThat(observations(leader)).containsOnly(later);
    }
  }

  private static List<Observations> observations(RatisConfigGroup one) {
    return one.reports().all().map(Report::observations).toList();
  }

  @Test
  void whatIsGrantedBeganBeforeTheHeartbeatWasSentAndNothingIsGrantedWithoutAMajority() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      RatisConfigGroup first = group.get("c1");
      ConcurrentLinkedQueue<Long> granted = new ConcurrentLinkedQueue<>();
      long begin = System.nanoTime();
      Heartbeats heartbeats =
          Heartbeats.start(first, CLOCK, Duration.ofMillis(10), at -> granted.add(at.nanos()));
      await().atMost(Coordinators.PATIENCE).until(() -> granted.size() > 3);
      group.stop("c2");
      group.stop("c3");
      long alone = System.nanoTime();
      assertThatThrownBy(() -> first.heartbeat(Observations.NONE).join())
          .isInstanceOf(CompletionException.class);
      assertThat(List.copyOf(granted)).isSorted().allMatch(sent -> sent >= begin && sent < alone);

      group.start(group.founder("c2"));
      await().atMost(Coordinators.PATIENCE).until(() -> granted.stream().anyMatch(s -> s > alone));
      heartbeats.close();
      int before = granted.size();
      await()
          .atMost(Coordinators.PATIENCE)
          .ignoreExceptions()
          .until(() -> first.heartbeat(Observations.NONE).join().epoch() > 0);
      assertThat(granted).hasSize(before);
    }
  }

  @Test
  void whoHasNoVoteSendsNoHeartbeat() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      RatisConfigGroup removed = group.get("c3");
      group.get("c1").remove("c3").join();
      await().atMost(Coordinators.PATIENCE).until(() -> !removed.view().isMember());

      assertThatThrownBy(() -> removed.heartbeat(Observations.NONE).join())
          .hasMessageContaining("no vote");
    }
  }

  @Test
  void theLogOfAnIdleGroupIsCut() {
    try (Coordinators group =
        Coordinators.start(1, folder, Topologies.of(2), MembershipTest::cutOften)) {
      AtomicLong granted = new AtomicLong();
      Heartbeats heartbeats =
          Heartbeats.start(
              group.get("c1"), CLOCK, Duration.ofMillis(1), sent -> granted.incrementAndGet());
      await()
          .atMost(Coordinators.PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(files("sm")).anyMatch(name -> name.startsWith("snapshot."));
                assertThat(files("current")).noneMatch(name -> name.startsWith("log_0-"));
              });
      heartbeats.close();
      assertThat(granted.get()).isPositive();
    }
  }

  private List<String> files(String sub) throws IOException {
    Path group = folder.resolve("c1").resolve(RatisNames.GROUP.getUuid().toString());
    try (Stream<Path> files = Files.list(group.resolve(sub))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aTopologyThatNeverChangesIsVouchedForByItself() {
    StaticTopology group = new StaticTopology(Topologies.of(1));

    assertThat(group.heartbeat(Observations.NONE).join()).isEqualTo(Topologies.of(1));
    assertThat(group.reports().all()).isEmpty();
  }
}
