package io.ringmaster.cluster.simulation.check;

import static io.ringmaster.cluster.simulation.check.Histories.get;
import static io.ringmaster.cluster.simulation.check.Histories.operation;
import static io.ringmaster.cluster.simulation.check.Histories.set;
import static io.ringmaster.cluster.simulation.check.Histories.uncertainSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionOrderCheckTest {

  @Test
  void findsAnUncertainWriteBehindALaterOneOfItsSession() {
    List<Operation> history = List.of(uncertainSet("a", 1, 2), set("b", 3, 4), get("a", 5, 6));
    assertThat(SessionOrderCheck.violations(history)).hasSize(1);
    assertThat(RegisterCheck.violations(history)).isEmpty();
  }

  @Test
  void acceptsItBefore() {
    List<Operation> history =
        List.of(uncertainSet("a", 1, 2), get("a", 2, 3), set("b", 3, 4), get("b", 5, 6));
    assertThat(SessionOrderCheck.violations(history)).isEmpty();
  }

  @Test
  void saysNothingOfOtherSessions() {
    Operation other = operation(9, Kind.SET, "b", Fate.DONE, 3, 4);
    List<Operation> history = List.of(uncertainSet("a", 1, 2), other, get("a", 5, 6));
    assertThat(SessionOrderCheck.violations(history)).isEmpty();
  }
}
