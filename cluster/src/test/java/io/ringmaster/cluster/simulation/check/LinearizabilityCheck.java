package io.ringmaster.cluster.simulation.check;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether operations of any kind on one key can be put in an order that explains every answer and
 * respects time. Tries to put each operation next, and goes back where that leads nowhere; states
 * seen before are not tried again.
 *
 * @see <a href="https://doi.org/10.1002/cpe.3928">Lowe, Testing for linearizability</a>
 */
public final class LinearizabilityCheck {

  private static final int MOST_STATES = 200_000;

  private record State(BitSet done, String value) {}

  private record Step(Entry entry, String before) {}

  /** A call or a return, in a list ordered by time from which it can be taken and put back. */
  private static final class Entry {
    private final Operation operation;
    private final int number;
    private @Nullable Entry match;
    private @Nullable Entry previous;
    private @Nullable Entry next;

    Entry(Operation operation, int number) {
      this.operation = operation;
      this.number = number;
    }

    void remove() {
      if (previous != null) {
        previous.next = next;
      }
      if (next != null) {
        next.previous = previous;
      }
    }

    void putBack() {
      if (previous != null) {
        previous.next = this;
      }
      if (next != null) {
        next.previous = this;
      }
    }
  }

  private final Entry head;
  private final BitSet done = new BitSet();
  private final Set<State> seen = new HashSet<>();
  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private final List<Operation> operations;
  private String value = "";

  private LinearizabilityCheck(List<Operation> operations) {
    this.operations = operations;
    this.head = list(operations);
  }

  /** The violations in the operations on one key. */
  public static List<String> violations(List<Operation> operations) {
    Set<String> read =
        operations.stream()
            .filter(operation -> operation.kind() == Kind.GET && operation.fate() == Fate.DONE)
            .map(Operation::value)
            .collect(Collectors.toSet());
    boolean increments =
        operations.stream().anyMatch(operation -> operation.kind() == Kind.INCREMENT);
    List<Operation> relevant =
        operations.stream()
            .filter(operation -> !operation.isVoid())
            .filter(operation -> increments || !isInvisible(operation, read))
            .toList();
    return new LinearizabilityCheck(relevant).search();
  }

  /** An uncertain write of a value that nobody read can be taken never to have happened. */
  private static boolean isInvisible(Operation operation, Set<String> read) {
    return operation.kind() == Kind.SET
        && operation.fate() == Fate.UNCERTAIN
        && !read.contains(operation.value());
  }

  private record Moment(long time, boolean isReturn, Entry entry) {}

  private static Entry list(List<Operation> operations) {
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Entry call = new Entry(operations.get(i), i);
      Entry end = new Entry(operations.get(i), i);
      call.match = end;
      moments.add(new Moment(operations.get(i).called(), false, call));
      moments.add(new Moment(operations.get(i).end(), true, end));
    }
    // Where an end meets a call, the two overlap: nothing is claimed that time does not show.
    moments.sort(Comparator.comparingLong(Moment::time).thenComparing(Moment::isReturn));
    Entry first = new Entry(new Operation(-1, Kind.GET, "", "", Fate.DONE, 0, 0, 0), -1);
    Entry last = first;
    for (Moment moment : moments) {
      last.next = moment.entry();
      moment.entry().previous = last;
      last = moment.entry();
    }
    return first;
  }

  private List<String> search() {
    Entry entry = head.next;
    while (entry != null) {
      // Only uncertain ones are left open at the end of time; they need not have happened.
      if (entry.match == null && entry.operation.fate() == Fate.UNCERTAIN) {
        return List.of();
      }
      if (seen.size() > MOST_STATES) {
        return List.of("too much to check: " + operations);
      }
      if (entry.match != null) {
        entry = tryNext(entry) ? head.next : entry.next;
      } else {
        Step last = steps.pollLast();
        if (last == null) {
          return List.of("no order explains " + operations);
        }
        entry = takeBack(last);
      }
    }
    return List.of();
  }

  private boolean tryNext(Entry call) {
    String after = after(call.operation, value);
    if (after == null) {
      return false;
    }
    BitSet with = (BitSet) done.clone();
    with.set(call.number);
    if (!seen.add(new State(with, after))) {
      return false;
    }
    steps.add(new Step(call, value));
    value = after;
    done.set(call.number);
    call.remove();
    Objects.requireNonNull(call.match).remove();
    return true;
  }

  private @Nullable Entry takeBack(Step step) {
    value = step.before();
    done.clear(step.entry().number);
    Objects.requireNonNull(step.entry().match).putBack();
    step.entry().putBack();
    return step.entry().next;
  }

  private static @Nullable String created(Operation operation, String before) {
    boolean known = operation.fate() == Fate.DONE;
    boolean existed = operation.value().isEmpty();
    if (known && existed != !before.isEmpty()) {
      return null;
    }
    return before.isEmpty() ? operation.value() : before;
  }

  /** The value behind {@code operation}; null if it could not answer so. */
  private static @Nullable String after(Operation operation, String before) {
    return switch (operation.kind()) {
      case SET -> operation.value();
      case DELETE -> "";
      case CREATE -> created(operation, before);
      case GET -> operation.value().equals(before) ? before : null;
      case INCREMENT -> {
        String after = "" + ((before.isEmpty() ? 0 : Long.parseLong(before)) + 1);
        boolean known = operation.fate() == Fate.DONE;
        yield !known || operation.value().equals(after) ? after : null;
      }
    };
  }
}
