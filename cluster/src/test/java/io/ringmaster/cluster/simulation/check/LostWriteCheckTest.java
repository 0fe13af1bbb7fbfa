package io.ringmaster.cluster.simulation.check;

import static io.ringmaster.cluster.simulation.check.Histories.failedSet;
import static io.ringmaster.cluster.simulation.check.Histories.set;
import static io.ringmaster.cluster.simulation.check.Histories.uncertainSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LostWriteCheckTest {

  private static final Map<String, String> THERE = Map.of("key", "a");

  @Test
  void acknowledgedWritesAreThere() {
    assertThat(LostWriteCheck.violations(List.of(set("a", 1, 2)), THERE)).isEmpty();
    assertThat(LostWriteCheck.violations(List.of(set("a", 1, 2)), Map.of())).hasSize(1);
    assertThat(LostWriteCheck.violations(List.of(set("b", 1, 2)), THERE)).hasSize(1);
  }

  @Test
  void failedWritesAreNot() {
    assertThat(LostWriteCheck.violations(List.of(failedSet("a", 1, 2)), Map.of())).isEmpty();
    assertThat(LostWriteCheck.violations(List.of(failedSet("a", 1, 2)), THERE)).hasSize(1);
  }

  @Test
  void uncertainWritesMayBe() {
    assertThat(LostWriteCheck.violations(List.of(uncertainSet("a", 1, 2)), Map.of())).isEmpty();
    assertThat(LostWriteCheck.violations(List.of(uncertainSet("a", 1, 2)), THERE)).isEmpty();
  }
}
