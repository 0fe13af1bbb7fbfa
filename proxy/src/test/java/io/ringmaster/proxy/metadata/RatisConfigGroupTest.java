package io.ringmaster.proxy.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.topology.RemoveShard;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.MembershipOutcome.Done;
import io.ringmaster.proxy.metadata.MembershipOutcome.Refused;
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
          .isInstanceOfAny(ChangeOutcome.NoMajority.class, ChangeOutcome.LeaderUnreachable.class);
      assertThatThrownBy(() -> group.get(leader).read().join())
          .isInstanceOf(CompletionException.class);
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

  private static GroupSettings timeout(GroupSettings settings, Duration timeout) {
    return Coordinators.waiting(settings, timeout, settings.startTimeout());
  }
}
