package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * For keys that are written once: what was acknowledged is there at the end, what failed is not.
 */
public final class LostWriteCheck {

  private LostWriteCheck() {}

  /** The violations in {@code operations}, given what every key holds at the end. */
  public static List<String> violations(List<Operation> operations, Map<String, String> end) {
    List<String> found = new ArrayList<>();
    for (Operation operation : operations) {
      if (operation.kind() != Kind.SET) {
        continue;
      }
      boolean present = operation.value().equals(end.get(operation.key()));
      if (operation.fate() == Fate.DONE && !present) {
        found.add("lost: " + operation);
      } else if (operation.fate() == Fate.NOT_DONE && present) {
        found.add("done although it failed: " + operation);
      }
    }
    return found;
  }
}
