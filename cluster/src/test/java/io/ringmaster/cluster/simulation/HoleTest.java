package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each protection that is taken away is missed, within so many seeds from the first on. What
 * coordinators lack is looked for where it was found; a change of the code may move it.
 */
class HoleTest {

  @ParameterizedTest
  @CsvSource({
    "STALE_WAIT, 1, 6000",
    "WAIT_ON_OTHER_CONNECTION, 1, 100",
    "RELEASE_BEFORE_BARRIER, 1, 50",
    "NO_SEAL, 1, 150",
    "RETRY_UNCERTAIN, 1, 50",
    "FLUSH_DROPS_MARKER, 1, 1500",
    "NO_CONNECTION_FENCE, 1, 1500",
    "COUNT_LINKS, 1, 1000",
    "RECEIPT_OF_LEADER, 1, 100",
    "COUNT_ANY_RECEIPT, 1, 2000",
    "RAISE_ON_OTHER_CONNECTION, 1, 2000",
    "NO_BOOT_FENCE, 1, 1200",
    "COUNT_AMNESIAC, 1, 2000",
    "FORGET_OWN_WRITES, 1, 200",
    "WAIT_IN_OTHER_EPOCH, 1, 1000",
    "LEASE_FROM_ARRIVAL, 1, 4000",
    "CACHED_CLOCK, 1, 4000",
    "NO_ARRIVAL_CHECK, 1, 200",
    "LEASE_OF_OLD_EPOCH, 1, 3000",
    "UNNOTICED_SUSPEND, 1, 3000",
    "SERVE_AT_ONCE, 1, 200",
    "ANYBODY_REPLICATES, 332, 20",
    "LATE_COORDINATOR_COMMAND, 1895, 20",
    "LATE_BATCH_SAME_TERM, 650, 20",
    "PROMOTE_BY_OFFSET, 137, 20",
    "TRUSTED_COPY, 1, 20",
    "UNPROVED_STOP, 402, 20",
    "NO_SEAL_QUORUM, 1, 20",
    "COUNT_FORGETFUL, 55, 20",
    "PROMOTE_UNCHECKED_RUN, 242, 20",
    "NO_LEASE_WAIT, 231, 20",
    "MARKER_RESET, 6055, 20",
    "WRONG_KEEPER, 62, 20",
    "ATTACH_BEFORE_COMMIT, 1169, 20",
    "SHRINK_BEFORE_DETACH, 19, 20",
    "NO_DETECTOR, 1, 20",
    "REPLICAS_UNCOUNTED, 1, 20",
  })
  void isFoundWithin(Hole hole, int first, int seeds) {
    Optional<Verdict> found =
        LongStream.range(first, first + seeds)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, hole))
            .filter(verdict -> isMissed(hole, verdict))
            .findFirst();
    found.ifPresent(verdict -> System.out.println(hole + ": seed " + verdict.seed()));
    assertThat(found).as("%s in %d seeds from %d", hole, seeds, first).isPresent();
  }

  private static boolean isMissed(Hole hole, Verdict verdict) {
    boolean stuck = hole == Hole.NO_DETECTOR || hole == Hole.REPLICAS_UNCOUNTED;
    return stuck ? !verdict.settled() : !verdict.violations().isEmpty();
  }

  @Test
  void everyHoleIsLookedFor() throws NoSuchMethodException {
    List<String> rows =
        List.of(
            HoleTest.class
                .getDeclaredMethod("isFoundWithin", Hole.class, int.class, int.class)
                .getAnnotation(CsvSource.class)
                .value());
    for (Hole hole : Hole.values()) {
      boolean listed = rows.stream().anyMatch(row -> row.startsWith(hole + ","));
      assertThat(listed).as("%s", hole).isEqualTo(hole != Hole.NONE);
    }
  }
}
