package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The same promises where coordinators look after the shard: {@code simulation.seeds}, {@code
 * simulation.first} and {@code simulation.seed} mean the same as in {@link SimulationTest}.
 */
class CoordinatorsTest {

  private static final long SEEDS =
      Long.getLong("simulation.seeds", "true".equals(System.getenv("CI")) ? 3_000 : 1_000);
  private static final long FIRST = Long.getLong("simulation.first", 1);

  @Test
  void losesNoAcknowledgedWriteAndShowsNoWrongRead() {
    Long single = Long.getLong("simulation.seed");
    if (single != null) {
      Verdict verdict = Simulation.trace(single, Hole.NONE, Mood.COORDINATORS);
      System.out.println(verdict.describe());
      assertThat(verdict.isGood()).isTrue();
      return;
    }
    AtomicLong acknowledged = new AtomicLong();
    AtomicLong operations = new AtomicLong();
    AtomicLong leaders = new AtomicLong();
    long begin = System.nanoTime();
    Optional<Verdict> bad =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, Hole.NONE, Mood.COORDINATORS))
            .peek(verdict -> acknowledged.addAndGet(verdict.acknowledged()))
            .peek(verdict -> operations.addAndGet(verdict.operations()))
            .peek(verdict -> leaders.addAndGet(verdict.epochs()))
            .filter(verdict -> !verdict.isGood())
            .findFirst();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d seeds from %d, %.0f seeds per second, %d of %d operations acknowledged, %d epochs%n",
        SEEDS,
        FIRST,
        SEEDS / seconds,
        acknowledged.get(),
        operations.get(),
        leaders.get());
    bad.ifPresent(verdict -> explain(verdict.seed()));
  }

  @Test
  void sameSeedSameStory() {
    for (long seed = 1; seed <= 5; seed++) {
      Verdict once = Simulation.trace(seed, Hole.NONE, Mood.COORDINATORS);
      assertThat(Simulation.trace(seed, Hole.NONE, Mood.COORDINATORS)).isEqualTo(once);
    }
  }

  @Test
  void somethingIsAcknowledgedAndEpochsChange() {
    long acknowledged = 0;
    long operations = 0;
    long epochs = 0;
    for (long seed = 1; seed <= 50; seed++) {
      Verdict verdict = Simulation.run(seed, Hole.NONE, Mood.COORDINATORS);
      acknowledged += verdict.acknowledged();
      operations += verdict.operations();
      epochs += verdict.epochs();
    }
    assertThat(acknowledged).isGreaterThan(operations / 5);
    assertThat(epochs).isGreaterThan(400);
  }

  private static void explain(long seed) {
    throw new AssertionError(Simulation.trace(seed, Hole.NONE, Mood.COORDINATORS).describe());
  }
}
