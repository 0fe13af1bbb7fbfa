package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a register whose written values all differ behaved as one. Each write and the reads of
 * its value form a zone, from the earliest end to the latest beginning among them. If the former
 * comes first, all of the zone belongs to this value alone; if not, it can be put anywhere inside.
 *
 * @see <a href="https://doi.org/10.1137/S0097539794279614">Gibbons and Korach, Testing Shared
 *     Memories</a>
 */
public final class RegisterCheck {

  private RegisterCheck() {}

  private static final class Zone {
    private @Nullable Operation write;
    private final List<Operation> reads = new ArrayList<>();
    private long earliestEnd = Long.MAX_VALUE;
    private long latestBeginning = Long.MIN_VALUE;

    void add(Operation operation) {
      if (operation.kind() == Kind.SET) {
        write = operation;
      } else {
        reads.add(operation);
      }
      earliestEnd = Math.min(earliestEnd, operation.end());
      latestBeginning = Math.max(latestBeginning, operation.called());
    }

    boolean isForward() {
      return earliestEnd < latestBeginning;
    }

    boolean isUnseenAndUncertain() {
      return reads.isEmpty() && write != null && write.fate() == Fate.UNCERTAIN;
    }

    long from() {
      return Math.min(earliestEnd, latestBeginning);
    }

    long to() {
      return Math.max(earliestEnd, latestBeginning);
    }

    @Override
    public String toString() {
      return (write == null ? "nil" : write) + " read by " + reads;
    }
  }

  /** The violations in the operations on one key, writes and reads. */
  public static List<String> violations(List<Operation> operations) {
    List<String> found = new ArrayList<>();
    List<Zone> zones = zones(operations, found);
    List<Zone> forward =
        zones.stream().filter(Zone::isForward).sorted(Comparator.comparing(Zone::from)).toList();
    for (int i = 1; i < forward.size(); i++) {
      if (forward.get(i - 1).to() > forward.get(i).from()) {
        found.add("no order: " + forward.get(i - 1) + " and " + forward.get(i));
      }
    }
    zones.stream()
        .filter(zone -> !zone.isForward())
        .forEach(zone -> surrounding(zone, forward, found));
    return found;
  }

  private static List<Zone> zones(List<Operation> operations, List<String> found) {
    Map<String, Zone> zones = new LinkedHashMap<>();
    Operation nothing =
        new Operation(-1, Kind.SET, "", "", Fate.DONE, Long.MIN_VALUE, Long.MIN_VALUE, 0);
    zones.computeIfAbsent("", value -> new Zone()).add(nothing);
    for (Operation operation : operations) {
      if (operation.kind() == Kind.SET && operation.fate() != Fate.NOT_DONE) {
        zones.computeIfAbsent(operation.value(), value -> new Zone()).add(operation);
      }
    }
    for (Operation read : operations) {
      if (read.kind() == Kind.GET && read.fate() == Fate.DONE) {
        Zone zone = zones.get(read.value());
        if (zone == null || zone.write == null) {
          found.add("never written: " + read);
        } else if (zone.write.called() > read.returned()) {
          found.add("read before it was written: " + read + " of " + zone.write);
        } else {
          zone.add(read);
        }
      }
    }
    zones.values().removeIf(Zone::isUnseenAndUncertain);
    return List.copyOf(zones.values());
  }

  private static void surrounding(Zone inner, List<Zone> forward, List<String> found) {
    int low = 0;
    int high = forward.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (forward.get(middle).from() < inner.from()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low > 0 && inner.to() < forward.get(low - 1).to()) {
      found.add("no place: " + inner + " inside " + forward.get(low - 1));
    }
  }
}
