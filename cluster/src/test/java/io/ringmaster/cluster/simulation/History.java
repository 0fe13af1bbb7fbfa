package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.simulation.check.AsyncWriteCheck;
import io.ringmaster.cluster.simulation.check.LeaderReadCheck;
import io.ringmaster.cluster.simulation.check.LinearizabilityCheck;
import io.ringmaster.cluster.simulation.check.LostWriteCheck;
import io.ringmaster.cluster.simulation.check.Operation;
import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import io.ringmaster.cluster.simulation.check.OwnWritesCheck;
import io.ringmaster.cluster.simulation.check.RegisterCheck;
import io.ringmaster.cluster.simulation.check.SessionOrderCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that clients asked and were answered. */
final class History {

  /** Stands for every key, in an operation that deletes them all. */
  static final String ALL_KEYS = "*";

  private final List<Operation> operations = new ArrayList<>();

  void add(Operation operation) {
    operations.add(operation);
  }

  int size() {
    return operations.size();
  }

  long count(Fate fate) {
    return operations.stream().filter(operation -> operation.fate() == fate).count();
  }

  /**
   * The violations, given what the leader holds when all is over, and which epoch was the last to
   * begin without the leader before. What leaders answer alone rests on clocks, of which at least
   * one goes on.
   */
  List<String> violations(Database end, long abruptEpoch, long now, boolean clocksGoOn) {
    boolean flushed = operations.stream().anyMatch(operation -> operation.key().equals(ALL_KEYS));
    List<String> found = new ArrayList<>();
    if (!flushed) {
      found.addAll(lostWrites(end));
      if (clocksGoOn) {
        found.addAll(AsyncWriteCheck.violations(operations, abruptEpoch, end::string));
      }
    }
    for (Map.Entry<String, List<Operation>> entry : byKey(flushed).entrySet()) {
      List<Operation> onKey = entry.getValue();
      String left = end.string(entry.getKey());
      String value = left == null ? "" : left;
      onKey.add(new Operation(-1, Kind.GET, entry.getKey(), value, Fate.DONE, now, now, 0));
      if (clocksGoOn || !entry.getKey().startsWith("led")) {
        found.addAll(violations(entry.getKey(), onKey, flushed));
      }
    }
    return found;
  }

  private static List<String> violations(String key, List<Operation> onKey, boolean flushed) {
    if (key.startsWith("own")) {
      return flushed ? List.of() : OwnWritesCheck.violations(onKey);
    }
    if (key.startsWith("led")) {
      return flushed ? List.of() : LeaderReadCheck.violations(onKey);
    }
    if (AsyncWriteCheck.concerns(key)) {
      return List.of();
    }
    if (flushed || key.startsWith("counter") || key.startsWith("created")) {
      return LinearizabilityCheck.violations(onKey);
    }
    List<String> found = new ArrayList<>(RegisterCheck.violations(onKey));
    found.addAll(SessionOrderCheck.violations(onKey));
    return found;
  }

  private List<String> lostWrites(Database end) {
    Map<String, String> left = new TreeMap<>();
    List<Operation> once = operations.stream().filter(History::isOnce).toList();
    for (Operation operation : once) {
      String value = end.string(operation.key());
      if (value != null) {
        left.put(operation.key(), value);
      }
    }
    return LostWriteCheck.violations(once, left);
  }

  private static boolean isOnce(Operation operation) {
    return operation.key().startsWith("once");
  }

  private Map<String, List<Operation>> byKey(boolean flushed) {
    Map<String, List<Operation>> byKey = new TreeMap<>();
    List<Operation> flushes = new ArrayList<>();
    for (Operation operation : operations) {
      if (operation.key().equals(ALL_KEYS)) {
        flushes.add(operation);
      } else if (flushed || !isOnce(operation)) {
        byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
      }
    }
    byKey.values().forEach(onKey -> onKey.addAll(flushes));
    return byKey;
  }
}
