package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs the simulation under many seeds. The system property {@code simulation.seeds} says how many,
 * {@code simulation.first} which is the first; {@code simulation.seed} runs one, and prints all
 * that happens in it.
 */
class SimulationTest {

  private static final long SEEDS =
      Long.getLong("simulation.seeds", "true".equals(System.getenv("CI")) ? 17_000 : 1_000);
  private static final long FIRST = Long.getLong("simulation.first", 1);

  @Test
  void losesNoAcknowledgedWriteAndShowsNoWrongRead() {
    Long single = Long.getLong("simulation.seed");
    if (single != null) {
      Verdict verdict = Simulation.trace(single, Hole.NONE);
      System.out.println(verdict.describe());
      assertThat(verdict.isGood()).isTrue();
      return;
    }
    AtomicLong acknowledged = new AtomicLong();
    AtomicLong leaders = new AtomicLong();
    long begin = System.nanoTime();
    Optional<Verdict> bad =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, Hole.NONE))
            .peek(verdict -> acknowledged.addAndGet(verdict.acknowledged()))
            .peek(verdict -> leaders.addAndGet(verdict.epochs()))
            .filter(verdict -> !verdict.isGood())
            .findFirst();
    bad.ifPresent(verdict -> explain(verdict.seed()));
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d seeds from %d, %.0f seeds per second, %d acknowledged operations, %d leaders%n",
        SEEDS,
        FIRST,
        SEEDS / seconds,
        acknowledged.get(),
        leaders.get());
  }

  private static void explain(long seed) {
    throw new AssertionError(Simulation.trace(seed, Hole.NONE).describe());
  }

  @Test
  void sameSeedSameStory() {
    for (long seed = 1; seed <= 10; seed++) {
      Verdict once = Simulation.trace(seed, Hole.NONE);
      assertThat(Simulation.trace(seed, Hole.NONE)).isEqualTo(once);
      assertThat(once.trace()).hasSizeGreaterThan(100);
    }
  }

  @Test
  void somethingIsAcknowledgedAndLeadersChange() {
    long acknowledged = 0;
    long operations = 0;
    long leaders = 0;
    for (long seed = 1; seed <= 100; seed++) {
      Verdict verdict = Simulation.run(seed, Hole.NONE);
      acknowledged += verdict.acknowledged();
      operations += verdict.operations();
      leaders += verdict.epochs();
    }
    assertThat(acknowledged).isGreaterThan(operations / 5);
    assertThat(leaders).isGreaterThan(500);
  }
}
