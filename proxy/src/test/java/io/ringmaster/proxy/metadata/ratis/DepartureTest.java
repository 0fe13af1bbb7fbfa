package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.Departure;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome.Done;
import io.ringmaster.proxy.metadata.Topologies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class DepartureTest {

  @TempDir private Path folder;

  @Test
  void aLeaderWhoseFolderIsGoneStepsDownAndComesBackOnceItIsThereAgain() throws IOException {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String leader = group.awaitLeader();
      String other = group.aFollower();
      Path away = Files.move(folder.resolve(leader), folder.resolve("away"));

      Departure departure = departure(group.get(leader));

      assertThat(departure.reason())
          .isEqualTo("this coordinator cannot keep the log of the config group");
      assertThat(departure.detail())
          .contains(folder.resolve(leader).toString(), "no such file or directory");
      assertThat(group.get(leader).leadingTerm()).isEqualTo(Term.NONE);
      assertThat(group.get(leader).view().isMember()).isFalse();
      assertThatThrownBy(() -> group.get(leader).read().join())
          .hasMessageContaining(departure.text());
      await()
          .atMost(Coordinators.PATIENCE)
          .until(
              () ->
                  group.get(other).view().leader().filter(m -> !m.id().equals(leader)).isPresent());
      long epoch = group.commit(other, new SetWeight("s1", 5));

      group.stop(leader);
      Files.move(away, folder.resolve(leader));
      assertThat(group.start(group.founder(leader)).topology().epoch()).isEqualTo(epoch);
    }
  }

  @Test
  void aFolderInTheLogsPlaceIsNotTakenForIt() throws IOException {
    try (Coordinators group = Coordinators.start(1, folder, Topologies.of(2))) {
      DataDirectory.create(group.settings(group.founder("c1")), false);

      assertThat(departure(group.get("c1")).detail())
          .startsWith("it cannot use " + folder.resolve("c1") + ": it is another folder");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoIsRemovedIsToldSoWhetherItLeadsOrNot(boolean leads) {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String leader = group.awaitLeader();
      String follower = group.aFollower();
      String removed = leads ? leader : follower;
      String other = leads ? follower : leader;

      assertThat(group.get(other).remove(removed).join()).isInstanceOf(Done.class);

      assertThat(departure(group.get(removed)).reason())
          .isEqualTo("this coordinator was removed from the config group");
      assertThat(group.get(removed).submit(new SetWeight("s1", 3), OptionalLong.empty(), "").join())
          .isInstanceOf(ChangeOutcome.NoMajority.class)
          .extracting(outcome -> ((ChangeOutcome.NoMajority) outcome).reason())
          .asString()
          .startsWith("this coordinator was removed from the config group");
      group.stop(removed);
      group.commit(other, new SetWeight("s1", 5));
    }
  }

  @Test
  void whoWasRemovedComesBackWithItsFolderWhenItIsAddedAgain() {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      String removed = group.aFollower();
      String other = group.awaitLeader();
      assertThat(group.get(other).remove(removed).join()).isInstanceOf(Done.class);
      departure(group.get(removed));
      group.stop(removed);
      long epoch = group.commit(other, new SetWeight("s1", 5));

      Member again = group.founder(removed);
      CompletableFuture<RatisConfigGroup> joining = group.startSoon(again);
      await()
          .atMost(Coordinators.PATIENCE)
          .until(() -> group.get(other).add(removed, again.address()).join() instanceof Done);

      assertThat(joining.join().topology().epoch()).isEqualTo(epoch);
    }
  }

  @Test
  void aLogThatTakesNoMoreEndsItAtTheFirstEntry() {
    TopologyStateMachine machine =
        new TopologyStateMachine(new Publisher(() -> {}), new HeardReports());

    machine.notifyLogFailed(
        new RaftLogIOException("Log already failed", new IOException("No space left on device")),
        null);
    machine.notifyLogFailed(new IOException("Input/output error"), null);

    assertThat(machine.departure().join().detail())
        .startsWith("it cannot write to its folder: no space left on device");
  }

  private static Departure departure(RatisConfigGroup group) {
    return group
        .departure()
        .toCompletableFuture()
        .orTimeout(Coordinators.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
