package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome.Done;
import io.ringmaster.proxy.metadata.Topologies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class LostDirectoryTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"c1", "c2"})
  void whoHasLostItsFolderIsToldSoAndDoesNotComeBackUnderItsName(String lost) throws IOException {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      long epoch = group.commit(lost, new SetWeight("s1", 5));
      group.stop(lost);
      String other = group.awaitLeader();
      delete(lost);

      assertThatThrownBy(() -> group.start(group.founder(lost)))
          .hasMessageContaining(lost + " has a vote according to")
          .hasMessageContaining("its folder is lost");

      assertThat(group.get(other).read().join().epoch()).isEqualTo(epoch);
      Member fourth = new Member("c4", Coordinators.freeAddress());
      assertThat(group.get(other).remove(lost).join()).isInstanceOf(Done.class);
      CompletableFuture<RatisConfigGroup> joining = group.startSoon(fourth);
      assertThat(group.get(other).add("c4", fourth.address()).join()).isInstanceOf(Done.class);
      assertThat(joining.join().topology().epoch()).isEqualTo(epoch);
    }
  }

  @Test
  void aNameIsNotGivenToAnotherFolderEvenAfterItWasRemoved() throws IOException {
    try (Coordinators group = Coordinators.start(3, folder, Topologies.of(2))) {
      assertThat(group.get("c1").remove("c3").join()).isInstanceOf(Done.class);
      group.stop("c3");
      delete("c3");

      CompletableFuture<RatisConfigGroup> joining = group.startSoon(group.founder("c3"));
      group.get("c1").add("c3", group.founder("c3").address()).join();

      assertThatThrownBy(joining::join).hasMessageContaining("another folder belongs to c3");
      group.commit("c1", new SetWeight("s1", 5));
    }
  }

  @Test
  void withoutItsFolderTheFirstDoesNotBeginAgainWhileOthersAreSilent() throws IOException {
    try (Coordinators group =
        Coordinators.start(3, folder, Topologies.of(2), LostDirectoryTest::impatient)) {
      group.stopAll();
      delete("c1");

      assertThatThrownBy(() -> group.start(group.founder("c1")))
          .hasMessageContaining("no answer from [c2 at ");
      assertThat(Files.exists(folder.resolve("c1").resolve("identity"))).isFalse();
    }
  }

  @Test
  void aFolderFromBeforeThereWereIdentitiesIsKept() throws Exception {
    try (Coordinators group = Coordinators.start(1, folder, Topologies.of(2))) {
      group.stopAll();
      Files.delete(folder.resolve("c1").resolve("identity"));

      assertThat(DataDirectory.find(group.settings(group.founder("c1")))).isPresent();
      assertThat(Files.exists(folder.resolve("c1").resolve("identity"))).isTrue();
    }
  }

  private void delete(String id) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(id))) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }

  private static GroupSettings impatient(GroupSettings settings) {
    return Coordinators.waiting(settings, settings.timeout(), Duration.ofSeconds(5));
  }
}
