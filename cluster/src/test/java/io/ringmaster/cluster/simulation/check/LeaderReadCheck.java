package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * For a register that is read from its leader alone, all values different: a read misses no write
 * that was acknowledged before it began. It may see one that is lost later.
 */
public final class LeaderReadCheck {

  private LeaderReadCheck() {}

  /** The violations in the operations on one key, writes and reads. */
  public static List<String> violations(List<Operation> operations) {
    List<Operation> writes =
        operations.stream().filter(operation -> operation.kind() == Kind.SET).toList();
    List<String> found = new ArrayList<>();
    for (Operation read : operations) {
      if (read.kind() == Kind.GET && read.fate() == Fate.DONE) {
        check(read, writes, found);
      }
    }
    return found;
  }

  private static void check(Operation read, List<Operation> writes, List<String> found) {
    Optional<Operation> seen =
        writes.stream().filter(write -> write.value().equals(read.value())).findFirst();
    if (seen.isEmpty() && !read.value().isEmpty()) {
      found.add("never written: " + read);
    } else if (seen.filter(write -> write.fate() == Fate.NOT_DONE).isPresent()) {
      found.add("seen although it failed: " + read);
    } else {
      writes.stream()
          .filter(write -> write.fate() == Fate.DONE && write.returned() < read.called())
          .filter(write -> seen.map(other -> isBefore(other, write)).orElse(true))
          .findFirst()
          .ifPresent(missed -> found.add("missed " + missed + ": " + read));
    }
  }

  private static boolean isBefore(Operation one, Operation other) {
    return one.end() < other.called();
  }
}
