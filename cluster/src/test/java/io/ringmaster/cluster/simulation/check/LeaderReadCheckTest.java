package io.ringmaster.cluster.simulation.check;

import static io.ringmaster.cluster.simulation.check.Histories.failedSet;
import static io.ringmaster.cluster.simulation.check.Histories.get;
import static io.ringmaster.cluster.simulation.check.Histories.set;
import static io.ringmaster.cluster.simulation.check.Histories.uncertainSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderReadCheckTest {

  @Test
  void acceptsTheLastWriteAndThoseAtTheSameTime() {
    good(get("", 1, 2), set("a", 3, 4), get("a", 5, 6));
    good(set("a", 1, 2), set("b", 3, 8), get("a", 5, 6), get("b", 5, 6));
    good(set("a", 1, 5), set("b", 3, 4), get("a", 6, 7));
    good(set("a", 3, 8), get("", 4, 9));
  }

  @Test
  void acceptsAWriteThatIsLostLater() {
    good(set("a", 1, 2), uncertainSet("b", 3, 4), get("b", 5, 6), get("a", 7, 8));
  }

  @Test
  void findsAMissedWrite() {
    bad(set("a", 1, 2), get("", 3, 4));
    bad(set("a", 1, 2), set("b", 3, 4), get("a", 5, 6));
  }

  @Test
  void findsWhatWasNeverDone() {
    bad(get("a", 1, 2));
    bad(failedSet("a", 1, 2), get("a", 3, 4));
  }

  private static void good(Operation... history) {
    assertThat(LeaderReadCheck.violations(List.of(history))).isEmpty();
  }

  private static void bad(Operation... history) {
    assertThat(LeaderReadCheck.violations(List.of(history))).hasSize(1);
  }
}
