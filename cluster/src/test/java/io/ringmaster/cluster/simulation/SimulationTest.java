package io.ringmaster.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {

  private static final long SEEDS = Long.getLong("simulation.seeds", 2_000);
  private static final long FIRST = Long.getLong("simulation.first", 1);

  @Test
  void losesNoAcknowledgedWriteAndShowsNoWrongRead() {
    long acknowledged = 0;
    long events = 0;
    long epochs = 0;
    long begin = System.nanoTime();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Verdict verdict = Simulation.run(seed, Hole.NONE);
      if (!verdict.isGood()) {
        throw new AssertionError(Simulation.trace(seed, Hole.NONE).describe());
      }
      acknowledged += verdict.acknowledged();
      events += verdict.events();
      epochs += verdict.epochs();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%d seeds, %.0f per second: %d acknowledged operations, %d leaders, %d events%n",
        SEEDS, SEEDS / seconds, acknowledged, epochs, events);
    assertThat(acknowledged).isPositive();
  }
}
