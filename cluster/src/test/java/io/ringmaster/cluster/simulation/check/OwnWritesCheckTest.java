package io.ringmaster.cluster.simulation.check;

import static io.ringmaster.cluster.simulation.check.Histories.failedSet;
import static io.ringmaster.cluster.simulation.check.Histories.get;
import static io.ringmaster.cluster.simulation.check.Histories.set;
import static io.ringmaster.cluster.simulation.check.Histories.uncertainSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnWritesCheckTest {

  @Test
  void acceptsTheLastWriteAndUncertainOnes() {
    good(get("", 1, 2), set("a", 3, 4), get("a", 5, 6), set("b", 7, 8), get("b", 9, 10));
    good(set("a", 1, 2), uncertainSet("b", 3, 4), get("a", 5, 6), get("b", 7, 8));
    good(set("a", 1, 2), failedSet("b", 3, 4), get("a", 5, 6));
  }

  @Test
  void findsWhatIsOlderMissingOrNeverDone() {
    bad(set("a", 1, 2), get("", 3, 4));
    bad(set("a", 1, 2), set("b", 3, 4), get("a", 5, 6));
    bad(set("a", 1, 2), failedSet("b", 3, 4), get("b", 5, 6));
  }

  private static void good(Operation... history) {
    assertThat(OwnWritesCheck.violations(List.of(history))).isEmpty();
  }

  private static void bad(Operation... history) {
    assertThat(OwnWritesCheck.violations(List.of(history))).hasSize(1);
  }
}
