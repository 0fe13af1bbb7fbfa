package io.ringmaster.cluster.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.protocol.KeySlot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class HashRingTest {

  @Test
  void prefersEachShardOnce() {
    HashRing ring = new HashRing(Map.of("a", 1, "b", 2, "c", 3));
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      assertThat(ring.preference(slot)).containsExactlyInAnyOrder("a", "b", "c");
    }
  }

  @Test
  void keepsTheOrderOfTheOthersWhenAShardComes() {
    Map<String, Integer> weights = new HashMap<>(Map.of("a", 1, "b", 2, "c", 3));
    HashRing before = new HashRing(weights);
    weights.put("d", 2);
    HashRing after = new HashRing(weights);
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      List<String> others =
          after.preference(slot).stream().filter(shard -> !shard.equals("d")).toList();
      assertThat(others).isEqualTo(before.preference(slot));
    }
  }

  @Test
  void prefersShardsAboutInProportionToTheirWeights() {
    HashRing ring = new HashRing(Map.of("a", 1, "b", 3));
    int preferringB = 0;
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      preferringB += ring.preference(slot).getFirst().equals("b") ? 1 : 0;
    }
    assertThat(preferringB / (double) KeySlot.COUNT).isBetween(0.65, 0.85);
  }

  @Test
  void neverChanges() {
    HashRing ring = new HashRing(Map.of("s1", 1, "s2", 2, "s3", 3, "s4", 1));
    CRC32 checksum = new CRC32();
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      for (String shard : ring.preference(slot)) {
        checksum.update(shard.charAt(1));
      }
    }
    assertThat(ring.preference(0)).containsExactly("s2", "s1", "s4", "s3");
    assertThat(checksum.getValue()).isEqualTo(1022667916L);
  }

  @Test
  void refusesNoShardsAndWeightsOutOfRange() {
    assertThatThrownBy(() -> new HashRing(Map.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HashRing(Map.of("a", 0))).hasMessageContaining("weight 0");
    assertThatThrownBy(() -> new HashRing(Map.of("a", 1001))).hasMessageContaining("1..1000");
  }
}
