package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An operator looks after the shard. How many seeds: {@link Seeds}. */
class SimulationTest {

  @Test
  void losesNoAcknowledgedWriteAndShowsNoWrongRead() {
    new Seeds(seed -> Simulation.run(seed, Hole.NONE), seed -> Simulation.trace(seed, Hole.NONE))
        .search("true".equals(System.getenv("CI")) ? 17_000 : 1_000);
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
