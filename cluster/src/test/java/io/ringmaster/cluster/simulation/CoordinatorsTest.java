package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The same promises where coordinators look after the shard. How many seeds: {@link Seeds}. */
class CoordinatorsTest {

  @Test
  void losesNoAcknowledgedWriteAndShowsNoWrongRead() {
    new Seeds(
            seed -> Simulation.run(seed, Hole.NONE, Mood.COORDINATORS),
            seed -> Simulation.trace(seed, Hole.NONE, Mood.COORDINATORS))
        .search("true".equals(System.getenv("CI")) ? 3_000 : 1_000);
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
}
