package io.ringmaster.cluster.simulation.check;

import static io.ringmaster.cluster.simulation.check.Histories.delete;
import static io.ringmaster.cluster.simulation.check.Histories.get;
import static io.ringmaster.cluster.simulation.check.Histories.increment;
import static io.ringmaster.cluster.simulation.check.Histories.set;
import static io.ringmaster.cluster.simulation.check.Histories.uncertainIncrement;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckTest {

  @Test
  void acceptsACounter() {
    good(increment("1", 1, 2), increment("2", 3, 4), get("2", 5, 6));
    good(increment("2", 1, 10), increment("1", 1, 10), get("2", 11, 12));
  }

  @Test
  void acceptsThatAnUncertainIncrementHappensOrNot() {
    good(increment("1", 1, 2), uncertainIncrement(3, 4), get("1", 5, 6), get("2", 7, 8));
    good(increment("1", 1, 2), uncertainIncrement(3, 4), get("1", 5, 6));
  }

  @Test
  void findsAnIncrementThatHappenedTwice() {
    bad(increment("1", 1, 2), get("2", 3, 4));
    bad(increment("1", 1, 2), uncertainIncrement(3, 4), get("3", 5, 6));
    bad(increment("2", 1, 2));
  }

  @Test
  void findsALostIncrement() {
    bad(increment("1", 1, 2), increment("1", 3, 4));
    bad(increment("1", 1, 2), increment("2", 3, 4), get("1", 5, 6));
  }

  @Test
  void findsNumbersAgainstTime() {
    bad(increment("2", 1, 2), increment("1", 3, 4));
  }

  @Test
  void followsDeletions() {
    good(set("a", 1, 2), delete(3, 4), get("", 5, 6));
    good(increment("1", 1, 2), delete(3, 4), increment("1", 5, 6));
    bad(set("a", 1, 2), delete(3, 4), get("a", 5, 6));
    bad(set("a", 1, 2), delete(3, 4), get("", 5, 6), get("a", 7, 8));
  }

  @Test
  void triesNoStateTwice() {
    List<Operation> history = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      history.add(uncertainIncrement(1, 2));
    }
    history.add(get("5", 3, 4));
    assertThat(LinearizabilityCheck.violations(history)).isEmpty();
    history.add(get("4", 5, 6));
    assertThat(LinearizabilityCheck.violations(history)).hasSize(1);
  }

  private static void good(Operation... history) {
    assertThat(LinearizabilityCheck.violations(List.of(history))).isEmpty();
  }

  private static void bad(Operation... history) {
    assertThat(LinearizabilityCheck.violations(List.of(history))).isNotEmpty();
  }
}
