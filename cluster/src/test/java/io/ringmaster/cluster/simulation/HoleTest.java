package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each protection that is taken away is missed, within so many seeds. */
class HoleTest {

  @ParameterizedTest
  @CsvSource({
    "STALE_WAIT, 6000",
    "WAIT_ON_OTHER_CONNECTION, 100",
    "RELEASE_BEFORE_BARRIER, 50",
    "NO_SEAL, 150",
    "RETRY_UNCERTAIN, 50",
    "FLUSH_DROPS_MARKER, 1500",
    "NO_CONNECTION_FENCE, 1500",
    "COUNT_LINKS, 1000",
    "NO_BOOT_FENCE, 1200",
    "COUNT_AMNESIAC, 2000",
    "FORGET_OWN_WRITES, 200",
    "WAIT_IN_OTHER_EPOCH, 1000",
    "LEASE_FROM_ARRIVAL, 4000",
    "CACHED_CLOCK, 4000",
    "NO_ARRIVAL_CHECK, 200",
    "LEASE_OF_OLD_EPOCH, 3000",
    "UNNOTICED_SUSPEND, 3000",
    "SERVE_AT_ONCE, 200",
    "ANYBODY_REPLICATES, 3000",
    "LATE_ADMIN_BATCH, 3000",
    "NO_SEAL_QUORUM, 150",
    "COUNT_FORGETFUL, 2000",
    "PROMOTE_UNCHECKED_RUN, 2000",
    "NO_LEASE_WAIT, 6000",
    "MARKER_RESET, 8000",
    "WRONG_KEEPER, 3000",
    "ATTACH_BEFORE_COMMIT, 3000",
    "SHRINK_BEFORE_DETACH, 3000",
    "NO_DETECTOR, 50",
    "REPLICAS_UNCOUNTED, 50",
  })
  void isFoundWithin(Hole hole, int seeds) {
    Optional<Verdict> found =
        LongStream.rangeClosed(1, seeds)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, hole))
            .filter(verdict -> isMissed(hole, verdict))
            .findFirst();
    found.ifPresent(verdict -> System.out.println(hole + ": seed " + verdict.seed()));
    assertThat(found).as("%s in %d seeds", hole, seeds).isPresent();
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
                .getDeclaredMethod("isFoundWithin", Hole.class, int.class)
                .getAnnotation(CsvSource.class)
                .value());
    for (Hole hole : Hole.values()) {
      boolean listed = rows.stream().anyMatch(row -> row.startsWith(hole + ","));
      assertThat(listed).as("%s", hole).isEqualTo(hole != Hole.NONE);
    }
  }
}
