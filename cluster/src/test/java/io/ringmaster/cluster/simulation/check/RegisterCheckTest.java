package io.ringmaster.cluster.simulation.check;

import static io.ringmaster.cluster.simulation.check.Histories.failedSet;
import static io.ringmaster.cluster.simulation.check.Histories.get;
import static io.ringmaster.cluster.simulation.check.Histories.set;
import static io.ringmaster.cluster.simulation.check.Histories.uncertainSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegisterCheckTest {

  @Test
  void acceptsWhatARegisterDoes() {
    good(get("", 1, 2), set("a", 3, 4), get("a", 5, 6), set("b", 7, 8), get("b", 9, 10));
    // Overlapping writes may take effect in either order.
    good(set("a", 1, 10), set("b", 1, 10), get("b", 11, 12));
    good(set("a", 1, 10), set("b", 1, 10), get("b", 2, 3), get("a", 11, 12));
    // A read that overlaps a write may see it or not.
    good(set("a", 1, 10), get("a", 2, 3));
    good(set("a", 1, 10), get("", 2, 3), get("a", 4, 5));
  }

  @Test
  void acceptsThatUncertainWritesHappenLateOrNever() {
    good(uncertainSet("a", 1, 2), set("b", 3, 4), get("a", 5, 6));
    good(uncertainSet("a", 1, 2), get("", 3, 4), set("b", 5, 6), get("b", 7, 8));
  }

  @Test
  void findsAStaleRead() {
    bad(set("a", 1, 2), set("b", 3, 4), get("a", 5, 6));
  }

  @Test
  void findsALostWrite() {
    bad(set("a", 1, 2), get("", 3, 4));
    bad(set("a", 1, 2), get("a", 3, 4), get("", 5, 6));
  }

  @Test
  void findsThatAValueCameBack() {
    bad(set("a", 1, 20), set("b", 2, 20), get("a", 3, 4), get("b", 5, 6), get("a", 7, 8));
    bad(uncertainSet("a", 1, 2), set("b", 3, 4), get("a", 5, 6), get("b", 7, 8), get("a", 9, 10));
  }

  @Test
  void findsANewValueFollowedByAnOlder() {
    bad(set("a", 1, 2), set("b", 3, 30), get("b", 4, 5), get("a", 6, 7));
  }

  @Test
  void findsAWriteInsideTheTimeOfAnother() {
    // All of a's zone belongs to a; b was written and done inside of it.
    bad(set("a", 1, 2), set("b", 3, 4), get("a", 5, 6), get("b", 7, 8));
    bad(set("a", 1, 2), set("b", 5, 6), get("a", 10, 11));
  }

  @Test
  void findsWhatNobodyWrote() {
    bad(get("x", 1, 2));
    bad(failedSet("x", 1, 2), get("x", 3, 4));
    bad(get("x", 1, 2), set("x", 3, 4));
  }

  @Test
  void agreesWithTheSearchForAnOrder() {
    SplittableRandom random = new SplittableRandom(7);
    int wrong = 0;
    for (int i = 0; i < 20_000; i++) {
      List<Operation> history = anyHistory(random);
      boolean good = LinearizabilityCheck.violations(history).isEmpty();
      wrong += good ? 0 : 1;
      assertThat(RegisterCheck.violations(history).isEmpty()).as("%s", history).isEqualTo(good);
    }
    assertThat(wrong).isBetween(1_000, 19_000);
  }

  private static List<Operation> anyHistory(SplittableRandom random) {
    List<Operation> history = new ArrayList<>();
    int writes = 1 + random.nextInt(3);
    for (int i = 0; i < writes; i++) {
      long called = random.nextInt(30);
      long returned = called + random.nextInt(12);
      String value = "v" + i;
      boolean uncertain = random.nextInt(4) == 0;
      history.add(uncertain ? uncertainSet(value, called, returned) : set(value, called, returned));
    }
    for (int i = 0; i < 3; i++) {
      long called = random.nextInt(30);
      int choice = random.nextInt(writes + 1);
      history.add(get(choice == writes ? "" : "v" + choice, called, called + random.nextInt(12)));
    }
    return history;
  }

  private static void good(Operation... history) {
    assertThat(RegisterCheck.violations(List.of(history))).isEmpty();
    assertThat(LinearizabilityCheck.violations(List.of(history))).isEmpty();
  }

  private static void bad(Operation... history) {
    assertThat(RegisterCheck.violations(List.of(history))).isNotEmpty();
    assertThat(LinearizabilityCheck.violations(List.of(history))).isNotEmpty();
  }
}
