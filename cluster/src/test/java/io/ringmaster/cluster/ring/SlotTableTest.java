package io.ringmaster.cluster.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlotTableTest {

  @Test
  void listsWhatEachShardOwnsInAsFewRangesAsPossible() {
    SlotTable table =
        SlotTable.empty()
            .assign(List.of(new SlotRange(0, 9), new SlotRange(20, 29)), "b")
            .assign(List.of(new SlotRange(10, 12), new SlotRange(16383, 16383)), "a")
            .assign(List.of(new SlotRange(5, 5)), "a");

    assertThat(table.slotsByShard())
        .isEqualTo(
            Map.of(
                "a",
                List.of(new SlotRange(5, 5), new SlotRange(10, 12), new SlotRange(16383, 16383)),
                "b",
                List.of(new SlotRange(0, 4), new SlotRange(6, 9), new SlotRange(20, 29))));
    assertThat(SlotTable.of(table.slotsByShard())).isEqualTo(table);
    assertThat(SlotTable.empty().slotsByShard()).isEmpty();
  }
}
