package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome;
import io.ringmaster.proxy.metadata.MembershipOutcome.Done;
import io.ringmaster.proxy.metadata.MembershipOutcome.Refused;
import io.ringmaster.proxy.metadata.Topologies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class MembershipTest {

  @TempDir private Path folder;

  @Test
  void oneIsAddedAndTheLeaderRemovedWhileTheTopologyChanges() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String leader = group.awaitLeader();
      String other = group.aFollower();
      Changes changes = new Changes(group.get(other));
      Member fourth = new Member("c4", Coordinators.freeAddress());
      CompletableFuture<RatisConfigGroup> joining = group.startSoon(fourth);

      MembershipOutcome added = group.get(other).add("c4", fourth.address()).join();
      joining.join();
      changes.awaitMore(20);
      MembershipOutcome removed = group.get(other).remove(leader).join();
      changes.awaitMore(20);
      long committed = changes.stop();

      assertThat(added).isInstanceOf(Done.class);
      assertThat(removed).isInstanceOf(Done.class);
      await().atMost(Coordinators.PATIENCE).until(() -> !group.get(leader).view().isMember());
      group.stop(leader);
      for (RatisConfigGroup coordinator : group.all()) {
        assertThat(coordinator.read().join().epoch()).isGreaterThanOrEqualTo(committed);
        assertThat(coordinator.view().members()).hasSize(3).contains(fourth);
      }
      assertThat(changes.lost()).isZero();
      assertThat(group.violations()).isEmpty();
    }
  }

  @Test
  void whatCannotBeAMemberIsRefused() {
    try (Coordinators group = Coordinators.start(1, folder, Topologies.of(2))) {
      RatisConfigGroup first = group.get("c1");
      NodeId taken = first.view().members().getFirst().address();

      assertThat(first.add("c1", Coordinators.freeAddress()).join())
          .isEqualTo(new Refused("there is a coordinator c1 at " + taken));
      assertThat(first.add("c2", taken).join())
          .isEqualTo(new Refused("there is a coordinator c1 at " + taken));
      assertThat(first.remove("c9").join()).isEqualTo(new Refused("there is no coordinator c9"));
      assertThat(first.remove("c1").join()).isEqualTo(new Refused("c1 is the last coordinator"));
    }
  }

  @Test
  void oneWithAnotherSecretIsRefusedAndTheOthersGoOn() {
    try (Coordinators group =
        Coordinators.start(
            3, folder, Topologies.of(2), s -> s.self().id().equals("c4") ? other(s) : s)) {
      Member fourth = new Member("c4", Coordinators.freeAddress());
      CompletableFuture<RatisConfigGroup> joining = group.startSoon(fourth);
      assertThat(group.get("c1").add("c4", fourth.address()).join()).isInstanceOf(Done.class);

      assertThatThrownBy(joining::join)
          .hasMessageContaining("coordinator.secret differs from that of the others")
          .message()
          .doesNotContain("1f", "2f");
      group.commit("c1", new SetWeight("s1", 5));
    }
  }

  private static GroupSettings other(GroupSettings settings) {
    return Coordinators.secret(settings, "2f");
  }

  @Test
  void oneThatDoesNotRunIsNotAdded() {
    try (Coordinators group =
        Coordinators.start(3, folder, Topologies.of(2), MembershipTest::impatient)) {
      MembershipOutcome outcome = group.get("c1").add("c4", Coordinators.freeAddress()).join();

      assertThat(outcome)
          .isEqualTo(new Refused("the new coordinator cannot be reached, or does not catch up"));
      assertThat(group.get("c1").view().members()).hasSize(3);
      group.commit(group.aFollower(), new SetWeight("s1", 3));
    }
  }

  @Test
  void theLogIsCutAndWhoLagsOrIsNewGetsASnapshot() throws IOException {
    try (Coordinators group =
        Coordinators.start(3, folder, Topologies.of(2), MembershipTest::cutOften)) {
      String away = group.aFollower();
      group.stop(away);
      String at = group.awaitLeader();
      long epoch = 0;
      for (int i = 0; i < 80; i++) {
        epoch = group.commit(at, new SetWeight("s1", 1 + i % 100));
      }
      assertThat(files(at, "sm")).anyMatch(name -> name.startsWith("snapshot."));
      await()
          .atMost(Coordinators.PATIENCE)
          .untilAsserted(
              () -> assertThat(files(at, "current")).noneMatch(n -> n.startsWith("log_0-")));

      Topology returned = group.start(group.founder(away)).topology();
      Member fourth = new Member("c4", Coordinators.freeAddress());
      CompletableFuture<RatisConfigGroup> joining = group.startSoon(fourth);
      assertThat(group.get(at).add("c4", fourth.address()).join()).isInstanceOf(Done.class);

      assertThat(returned).isEqualTo(group.get(at).topology());
      assertThat(joining.join().topology()).isEqualTo(group.get(at).topology());
      assertThat(joining.join().events(200)).isEqualTo(group.get(at).events(200));
      assertThat(files("c4", "sm")).anyMatch(name -> name.startsWith("snapshot."));
      group.awaitEverywhere(group.commit("c4", new SetWeight("s2", 7)));
      assertThat(group.get(away).topology().epoch()).isEqualTo(epoch + 1);
    }
  }

  @Test
  void theLargestTopologyReachesEverySubscriberAndComesBackFromASnapshot() throws IOException {
    try (Coordinators group =
        Coordinators.start(3, folder, Topologies.large(), MembershipTest::cutOften)) {
      ConcurrentLinkedQueue<Topology> published = new ConcurrentLinkedQueue<>();
      group.all().forEach(coordinator -> coordinator.subscribe(published::add));
      long epoch = 0;
      for (int weight = 2; weight < 20; weight++) {
        epoch = group.commit("c1", new SetWeight("s1", weight));
      }
      group.awaitEverywhere(epoch);
      Topology before = group.get("c1").topology();
      for (String id : List.of("c1", "c2", "c3")) {
        await()
            .atMost(Coordinators.PATIENCE)
            .until(() -> files(id, "sm").stream().anyMatch(name -> name.startsWith("snapshot.")));
      }

      group.stopAll();
      group.startAll();

      assertThat(published).hasSize(3 * 19);
      assertThat(before.shards()).hasSize(200);
      for (RatisConfigGroup coordinator : group.all()) {
        assertThat(coordinator.topology()).isEqualTo(before);
      }
    }
  }

  private List<String> files(String id, String sub) throws IOException {
    Path group = folder.resolve(id).resolve(RatisNames.GROUP.getUuid().toString());
    try (Stream<Path> files = Files.list(group.resolve(sub))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static GroupSettings impatient(GroupSettings settings) {
    return Coordinators.waiting(settings, Duration.ofSeconds(4), settings.startTimeout());
  }

  static GroupSettings cutOften(GroupSettings settings) {
    return Coordinators.with(
        settings, settings.tls(), settings.timeout(), settings.startTimeout(), 20, 4096);
  }

  /** One change after the other at one coordinator, until stopped. */
  private static final class Changes {

    private final RatisConfigGroup at;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicLong epoch = new AtomicLong();
    private final Thread thread;

    Changes(RatisConfigGroup at) {
      this.at = at;
      this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
      for (int i = 0; !stopping.get(); i++) {
        ChangeOutcome outcome =
            at.submit(new SetWeight("s1", 1 + i % 100), OptionalLong.empty(), "test").join();
        if (outcome instanceof ChangeOutcome.Committed committed) {
          // A read begun after an acknowledgement must see it, whoever leads by then.
          if (at.read().join().epoch() < committed.epoch()
              || committed.epoch() <= epoch.getAndSet(committed.epoch())) {
            lost.incrementAndGet();
          }
          made.incrementAndGet();
        }
      }
    }

    void awaitMore(int count) {
      int target = made.get() + count;
      await().atMost(Coordinators.PATIENCE).until(() -> made.get() >= target);
    }

    int lost() {
      return lost.get();
    }

    /** The epoch of the last change that was acknowledged. */
    long stop() {
      stopping.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return epoch.get();
    }
  }
}
