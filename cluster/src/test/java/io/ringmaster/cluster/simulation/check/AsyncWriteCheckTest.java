package io.ringmaster.cluster.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AsyncWriteCheckTest {

  private static final Operation WRITE = set("alone-a", Fate.DONE, 3, 4, 2);

  @Test
  void aWriteIsThereWhileItsLeaderLeads() {
    assertThat(violations(2, Map.of("alone-a", "v"), WRITE)).isEmpty();
    assertThat(violations(2, Map.of(), WRITE)).hasSize(1);
  }

  @Test
  void aWriteIsThereOnceItsLeaderHasHandedOver() {
    assertThat(violations(1, Map.of(), WRITE)).hasSize(1);
  }

  @Test
  void aWriteMayBeLostWithItsLeader() {
    assertThat(violations(3, Map.of(), WRITE)).isEmpty();
  }

  @Test
  void whatWasNotAcknowledgedMayBeThereOrNot() {
    Operation uncertain = set("alone-a", Fate.UNCERTAIN, 3, 4, 2);
    assertThat(violations(2, Map.of(), uncertain)).isEmpty();
    assertThat(violations(2, Map.of("alone-a", "v"), uncertain)).isEmpty();
  }

  @Test
  void anOldLeaderAcknowledgesNothingMore() {
    Operation newer = set("other", Fate.DONE, 1, 2, 3);
    assertThat(violations(3, Map.of(), WRITE, newer)).hasSize(1);
    Operation meanwhile = set("other", Fate.DONE, 1, 3, 3);
    assertThat(violations(3, Map.of(), WRITE, meanwhile)).isEmpty();
    Operation failed = set("other", Fate.UNCERTAIN, 1, 2, 3);
    assertThat(violations(3, Map.of(), WRITE, failed)).isEmpty();
  }

  private static Operation set(String key, Fate fate, long called, long returned, long epoch) {
    return new Operation(1, Kind.SET, key, "v", fate, called, returned, epoch);
  }

  private static List<String> violations(long epoch, Map<String, String> end, Operation... all) {
    return AsyncWriteCheck.violations(List.of(all), epoch, end::get);
  }
}
