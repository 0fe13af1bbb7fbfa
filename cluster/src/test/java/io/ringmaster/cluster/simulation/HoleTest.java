package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each protection that is taken away is missed, within the seeds of an ordinary run. */
class HoleTest {

  // So many are run side by side before it is looked whether one was found.
  private static final int BLOCK = 40;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void isMissed(Hole hole) {
    int seeds = Integer.getInteger("simulation.control.seeds", 6_000);
    long begin = System.nanoTime();
    Optional<Verdict> found = Optional.empty();
    for (long first = 1; first <= seeds && found.isEmpty(); first += BLOCK) {
      found =
          LongStream.range(first, first + BLOCK)
              .parallel()
              .mapToObj(seed -> Simulation.run(seed, hole))
              .filter(verdict -> isMissed(hole, verdict))
              .findFirst();
    }
    found.ifPresent(
        verdict ->
            System.out.printf(
                "%s: seed %d, after %.1f s%n",
                hole, verdict.seed(), (System.nanoTime() - begin) / 1e9));
    assertThat(found).as("%s in %d seeds", hole, seeds).isPresent();
  }

  private static boolean isMissed(Hole hole, Verdict verdict) {
    if (hole == Hole.NEW_MARKER_EACH_TIME) {
      return verdict.acknowledged() < verdict.operations() / 10;
    }
    return hole.isStuck() ? !verdict.settled() : !verdict.violations().isEmpty();
  }
}
