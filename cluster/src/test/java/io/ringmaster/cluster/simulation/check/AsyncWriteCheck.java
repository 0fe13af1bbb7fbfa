package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write that its leader alone acknowledged may be lost with that leader, and only so: as long as
 * it leads, and those to whom it has handed over, the write is there, and once another leader
 * acknowledges writes, the old one acknowledges none that begins later.
 */
public final class AsyncWriteCheck {

  private AsyncWriteCheck() {}

  /** What a key holds at the end. */
  @FunctionalInterface
  public interface End {
    @Nullable String value(String key);
  }

  /** Whether {@code key} is one of those that are written so, each once. */
  public static boolean concerns(String key) {
    return key.startsWith("alone");
  }

  /** The violations in {@code operations} on all keys, given the last epoch that began abruptly. */
  public static List<String> violations(List<Operation> operations, long abruptEpoch, End end) {
    List<String> found = new ArrayList<>();
    for (Operation write : operations) {
      if (!isAcknowledged(write) || !concerns(write.key())) {
        continue;
      }
      if (write.epoch() >= abruptEpoch && !write.value().equals(end.value(write.key()))) {
        found.add("lost although its leader was not: " + write);
      }
      operations.stream()
          .filter(AsyncWriteCheck::isAcknowledged)
          .filter(other -> other.epoch() > write.epoch() && other.returned() < write.called())
          .findFirst()
          .ifPresent(newer -> found.add(write + " by an old leader after " + newer));
    }
    return found;
  }

  private static boolean isAcknowledged(Operation operation) {
    return operation.kind() != Kind.GET && operation.fate() == Fate.DONE;
  }
}
