package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.RemoveShard;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome.Done;
import io.ringmaster.proxy.metadata.MembershipOutcome.Refused;
import io.ringmaster.proxy.metadata.Topologies;
import io.ringmaster.proxy.metadata.log.TopologyEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class RatisConfigGroupTest {

  @TempDir private Path folder;

  @Test
  void aGroupOfOneCommitsAndRemembers() {
    try (Coordinators group = Coordinators.start(1, folder, Topologies.of(2))) {
      assertThat(group.get("c1").topology()).isEqualTo(Topologies.of(2));
      assertThat(group.commit("c1", new SetWeight("s1", 5))).isEqualTo(2);
      Topology before = group.get("c1").topology();
      List<TopologyEvent> events = group.get("c1").events(10);

      group.stopAll();
      group.startAll();

      assertThat(group.get("c1").topology()).isEqualTo(before);
      assertThat(group.get("c1").events(10)).isEqualTo(events).hasSize(2);
      assertThat(group.get("c1").view().isMember()).isTrue();
    }
  }

  @Test
  void aChangeAtAFollowerIsCommittedByTheLeaderAndArrivesEverywhere() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String follower = group.aFollower();

      long epoch = group.commit(follower, new SetWeight("s1", 5));

      assertThat(group.get(follower).topology().epoch()).isEqualTo(epoch);
      assertThat(group.get(follower).events(1).getFirst().by()).isEqualTo(follower);
      group.awaitEverywhere(epoch);
    }
  }

  @Test
  void aChangeThatDoesNotFitIsAnsweredWithItsReason() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      assertThat(group.submit(group.aFollower(), new RemoveShard("s9")))
          .isEqualTo(new ChangeOutcome.Invalid("there is no shard s9"));
      assertThat(group.get("c1").submit(new SetWeight("s1", 2), OptionalLong.of(9), "test").join())
          .isEqualTo(new ChangeOutcome.Invalid("the topology has epoch 1 by now, not 9"));
    }
  }

  @Test
  void withoutAMajorityNothingIsChangedAndTheErrorSaysSo() {
    try (Coordinators group =
        Coordinators.start(3, folder, Topologies.of(2), s -> timeout(s, Duration.ofSeconds(2)))) {
      String leader = group.awaitLeader();
      // What the others confirmed while they were there must not count for a later read.
      group.get(leader).read().join();
      for (Member member : group.get(leader).view().members()) {
        if (!member.id().equals(leader)) {
          group.stop(member.id());
        }
      }

      ChangeOutcome outcome = group.submit(leader, new SetWeight("s1", 5));

      assertThat(outcome)
          .isEqualTo(
              new ChangeOutcome.NoMajority("no majority of the coordinators answers within 2 s"));
      assertThatThrownBy(() -> group.get(leader).read().join())
          .isInstanceOf(CompletionException.class)
          .message()
          .doesNotContain("client-", "Raft", "Exception");
      assertThat(group.get(leader).topology().epoch()).isEqualTo(1);
    }
  }

  @Test
  void afterTheLeaderIsGoneTheOthersGoOnAndItCatchesUpWhenItReturns() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String first = group.awaitLeader();
      long before = group.commit(first, new SetWeight("s1", 2));
      group.stop(first);

      String second = group.awaitLeader();
      // A read begun after the answer must see the change, whoever leads by then.
      assertThat(group.get(second).read().join().epoch()).isGreaterThanOrEqualTo(before);
      assertThat(group.get(group.aFollower()).read().join().epoch()).isGreaterThanOrEqualTo(before);
      long after = group.commit(group.aFollower(), new SetWeight("s1", 3));

      RatisConfigGroup returned = group.start(group.founder(first));
      assertThat(returned.topology().epoch()).isGreaterThanOrEqualTo(after);
    }
  }

  @Test
  void allComeBackFromDisk() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      long epoch = 0;
      for (int weight = 2; weight < 12; weight++) {
        epoch = group.commit(group.aFollower(), new SetWeight("s1", weight));
      }
      Topology before = group.get(group.awaitLeader()).topology();

      group.stopAll();
      group.startAll();

      assertThat(before.epoch()).isEqualTo(epoch);
      for (RatisConfigGroup coordinator : group.all()) {
        assertThat(coordinator.topology()).isEqualTo(before);
      }
      assertThat(group.commit("c2", new SetWeight("s1", 1))).isEqualTo(epoch + 1);
    }
  }

  @Test
  void leadershipIsHandedOver() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String first = group.awaitLeader();
      String other = group.aFollower();

      assertThat(group.get(other).transferLeader(Optional.of(other)).join())
          .isInstanceOf(Done.class);
      assertThat(group.awaitLeader()).isEqualTo(other);
      assertThat(group.get(first).transferLeader(Optional.empty()).join()).isInstanceOf(Done.class);
      assertThat(group.awaitLeader()).isNotEqualTo(other);
      assertThat(group.get(first).transferLeader(Optional.of("c9")).join())
          .isEqualTo(new Refused("there is no coordinator c9"));
    }
  }

  @Test
  void leadershipIsHandedOverToAnyThatIsThere() {
    try (Coordinators group =
        Coordinators.start(3, folder, Topologies.of(2), s -> timeout(s, Duration.ofSeconds(10)))) {
      group.awaitLeader();
      assertThat(group.get("c1").transferLeader(Optional.of("c3")).join()).isInstanceOf(Done.class);
      group.stop("c1");

      assertThat(group.get("c2").transferLeader(Optional.empty()).join()).isInstanceOf(Done.class);
      assertThat(group.awaitLeader()).isEqualTo("c2");
    }
  }

  @Test
  void aPortThatIsTakenIsToldAndEndsTheStartOnly() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Member self = new Member("c1", new NodeId("127.0.0.1", taken.getLocalPort()));

      assertThatThrownBy(() -> RatisConfigGroup.start(alone(self), Topologies.of(1)))
          .hasMessage(
              "cannot take part in the config group: it cannot listen on %s: address already in"
                  + " use",
              self.address());
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsToldWithItsReason() throws IOException {
    Member self = new Member("c1", Coordinators.freeAddress());
    Path directory = alone(self).directory();
    Files.writeString(directory, "");
    String cannot = "cannot take part in the config group: it cannot use " + directory + ": ";

    assertThatThrownBy(() -> RatisConfigGroup.start(alone(self), Topologies.of(1)))
        .hasMessage(cannot + "it exists already");

    Files.delete(directory);
    try (RatisConfigGroup running = RatisConfigGroup.start(alone(self), Topologies.of(1))) {
      GroupSettings twice = alone(new Member(running.view().self(), Coordinators.freeAddress()));
      assertThatThrownBy(() -> RatisConfigGroup.start(twice, Topologies.of(1)))
          .hasMessage(cannot + "another process uses it");
    }
    damage(RatisProperties.folder(alone(self)).resolve("current").resolve("log_inprogress_0"));
    assertThatThrownBy(() -> RatisConfigGroup.start(alone(self), Topologies.of(1)))
        .hasMessage(cannot + "the log is damaged");
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[60] ^= 1;
    Files.write(file, bytes);
  }

  private GroupSettings alone(Member self) {
    return new GroupSettings(
        self,
        "127.0.0.1",
        List.of(self),
        folder.resolve("alone"),
        Optional.empty(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMillis(200),
        1000,
        1 << 20,
        Duration.ofSeconds(3),
        "1f");
  }

  private static GroupSettings timeout(GroupSettings settings, Duration timeout) {
    return Coordinators.waiting(settings, timeout, settings.startTimeout());
  }
}
