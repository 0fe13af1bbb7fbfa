package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * For a key that one session writes: wherever it reads, it sees what was acknowledged to it last,
 * or a write of which it does not know what became.
 */
public final class OwnWritesCheck {

  private OwnWritesCheck() {}

  /** The violations in the operations of one session on its key, in their order. */
  public static List<String> violations(List<Operation> operations) {
    List<String> found = new ArrayList<>();
    Set<String> uncertain = new HashSet<>();
    String last = "";
    for (Operation operation : operations) {
      boolean writes = operation.kind() == Kind.SET;
      if (writes && operation.fate() == Fate.UNCERTAIN) {
        uncertain.add(operation.value());
      } else if (writes && operation.fate() == Fate.DONE) {
        last = operation.value();
      } else if (operation.kind() == Kind.GET && operation.fate() == Fate.DONE) {
        if (!operation.value().equals(last) && !uncertain.contains(operation.value())) {
          found.add("not '" + last + "': " + operation);
        }
      }
    }
    return found;
  }
}
