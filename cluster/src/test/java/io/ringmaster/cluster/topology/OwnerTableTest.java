package io.ringmaster.cluster.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.protocol.KeySlot;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerTableTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 256, 257, 1000, KeySlot.COUNT})
  void everySlotHasTheOwnerItWasGiven(int shards) {
    Random random = new Random(shards);
    for (int round = 0; round < 20; round++) {
      OwnerTable table = new OwnerTable(shards);
      int[] expected = new int[KeySlot.COUNT];
      int slot = 0;
      while (slot < KeySlot.COUNT) {
        int end = Math.min(KeySlot.COUNT, slot + 1 + random.nextInt(1 << random.nextInt(15)));
        int owner = random.nextInt(shards);
        table.assign(slot, end, owner);
        Arrays.fill(expected, slot, end, owner);
        slot = end;
      }
      for (slot = 0; slot < KeySlot.COUNT; slot++) {
        assertEquals(expected[slot], table.owner(slot), "slot " + slot);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 300})
  void theLastShardCanOwnEverythingAndEachSingleSlot(int shards) {
    OwnerTable whole = new OwnerTable(shards);
    whole.assign(0, KeySlot.COUNT, shards - 1);
    OwnerTable single = new OwnerTable(shards);
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      single.assign(slot, slot + 1, shards - 1);
    }
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      assertEquals(shards - 1, whole.owner(slot));
      assertEquals(shards - 1, single.owner(slot));
    }
  }
}
