package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * An uncertain write of a session does not happen behind a later one that was acknowledged to the
 * same session, as long as both went to the same leader. Linearizability alone would allow that: to
 * it, an uncertain write may happen at any time.
 */
public final class SessionOrderCheck {

  private SessionOrderCheck() {}

  /** The violations in the operations on one key, all values different. */
  public static List<String> violations(List<Operation> operations) {
    List<String> found = new ArrayList<>();
    for (Operation early : operations) {
      if (early.kind() == Kind.SET && early.fate() == Fate.UNCERTAIN) {
        for (Operation late : operations) {
          if (overtakes(late, early)) {
            reads(operations, early.value(), late.returned())
                .forEach(read -> found.add(early + " came behind " + late + ": " + read));
          }
        }
      }
    }
    return found;
  }

  private static boolean overtakes(Operation late, Operation early) {
    return late.kind() == Kind.SET
        && late.fate() == Fate.DONE
        && late.session() == early.session()
        && late.epoch() == early.epoch()
        && late.called() >= early.returned();
  }

  private static List<Operation> reads(List<Operation> operations, String value, long since) {
    return operations.stream()
        .filter(read -> read.kind() == Kind.GET && read.fate() == Fate.DONE)
        .filter(read -> read.called() >= since && read.value().equals(value))
        .toList();
  }
}
