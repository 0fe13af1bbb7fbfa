package io.ringmaster.cluster.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.protocol.KeySlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Properties of placement for 1 to 200 shards with random weights; failures name the seed. */
class PlacementTest {

  private static final int MOST_SHARDS = 200;

  /** Few shards differ most from each other. */
  private static final List<Integer> SIZES =
      IntStream.rangeClosed(1, MOST_SHARDS).filter(n -> n <= 40 || n % 10 == 0).boxed().toList();

  @Test
  void placesAllSlotsWithinBoundsFromAnEmptyTable() {
    for (int shards : SIZES) {
      Map<String, Integer> weights = weights(shards, new Random(shards));
      SlotTable table = Placement.of(SlotTable.empty(), weights);
      assertWithinBounds("seed " + shards, table, weights);
    }
  }

  @Test
  void givesEveryCoordinatorTheSameWhateverTheOrderOfTheShards() {
    Map<String, Integer> weights = weights(17, new Random(17));
    List<String> reversed = new ArrayList<>(weights.keySet()).reversed();
    Map<String, Integer> other = new LinkedHashMap<>();
    reversed.forEach(shard -> other.put(shard, weights.get(shard)));
    assertThat(Placement.of(SlotTable.empty(), other))
        .isEqualTo(Placement.of(SlotTable.empty(), weights));
  }

  @Test
  void givesMostSlotsToTheShardThatTheRingPrefers() {
    Map<String, Integer> weights = weights(10, new Random(10));
    HashRing ring = new HashRing(weights);
    SlotTable table = Placement.of(SlotTable.empty(), weights);
    int preferred = 0;
    for (int slot = 0; slot < KeySlot.COUNT; slot++) {
      preferred += owner(table, slot).equals(ring.preference(slot).getFirst()) ? 1 : 0;
    }
    assertThat(preferred).isGreaterThan(KeySlot.COUNT * 9 / 10);
  }

  @Test
  void movesOnlyOntoAShardThatIsAddedAndAtMostItsShare() {
    for (int shards : SIZES) {
      Random random = new Random(shards);
      Map<String, Integer> weights = weights(shards, random);
      SlotTable before = Placement.of(SlotTable.empty(), weights);
      addOne("seed " + shards, before, weights, random);
    }
  }

  @Test
  void movesOnlyTheSlotsOfAShardThatIsRemoved() {
    for (int others : SIZES) {
      Random random = new Random(others);
      Map<String, Integer> weights = weights(others + 1, random);
      SlotTable before = Placement.of(SlotTable.empty(), weights);
      removeOne("seed " + others, before, weights, random);
    }
  }

  @Test
  void keepsThesePropertiesOverLongSequencesOfAddingAndRemoving() {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      Map<String, Integer> weights = weights(1 + random.nextInt(MOST_SHARDS), random);
      SlotTable table = Placement.of(SlotTable.empty(), weights);
      for (int step = 0; step < 15; step++) {
        String context = "seed " + seed + ", step " + step;
        boolean grows = weights.size() == 1 || random.nextBoolean();
        table =
            grows
                ? addOne(context, table, weights, random)
                : removeOne(context, table, weights, random);
      }
    }
  }

  @Test
  void neitherTakesFromNorGivesToShardsWithinBoundsOnly() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Map<String, Integer> weights = weights(2 + random.nextInt(30), random);
      SlotTable before = Placement.of(SlotTable.empty(), weights);
      weights.replaceAll((shard, weight) -> 1 + random.nextInt(10));
      SlotTable after = Placement.of(before, weights);
      assertWithinBounds("seed " + seed, after, weights);
      assertMovesAreDue("seed " + seed, before, after, weights);
    }
  }

  @Test
  void repairsAnyTable() {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Map<String, Integer> weights = weights(1 + random.nextInt(MOST_SHARDS), random);
      SlotTable before = SlotTable.empty();
      for (int slot = 0; slot < KeySlot.COUNT; slot += 1 + random.nextInt(40)) {
        int last = Math.min(KeySlot.COUNT - 1, slot + random.nextInt(20));
        String shard = "s" + (int) Math.abs(random.nextGaussian() * 30);
        before = before.assign(List.of(new SlotRange(slot, last)), shard);
      }
      SlotTable after = Placement.of(before, weights);
      assertWithinBounds("seed " + seed, after, weights);
      assertMovesAreDue("seed " + seed, before, after, weights);
    }
  }

  @Test
  void placesWhenThereAreMoreUnitsOfWeightThanSlots() {
    Map<String, Integer> weights = new HashMap<>(Map.of("big", HashRing.MAX_WEIGHT));
    for (int i = 0; i < 30; i++) {
      weights.put("big" + i, HashRing.MAX_WEIGHT);
    }
    weights.put("small", 1);
    SlotTable table = Placement.of(SlotTable.empty(), weights);
    assertWithinBounds("fixed", table, weights);
  }

  private static SlotTable addOne(
      String context, SlotTable before, Map<String, Integer> weights, Random random) {
    String added = "added" + random.nextInt(1_000_000);
    weights.put(added, weight(random));
    SlotTable after = Placement.of(before, weights);
    assertWithinBounds(context, after, weights);
    Set<String> receivers = before.movesTo(after).keySet();
    assertThat(receivers).as(context).isSubsetOf(Set.of(added));
    assertThat((double) after.count(added))
        .as(context)
        .isLessThanOrEqualTo(Math.ceil(share(added, weights)));
    return after;
  }

  private static SlotTable removeOne(
      String context, SlotTable before, Map<String, Integer> weights, Random random) {
    String removed = new ArrayList<>(weights.keySet()).get(random.nextInt(weights.size()));
    weights.remove(removed);
    SlotTable after = Placement.of(before, weights);
    assertWithinBounds(context, after, weights);
    assertThat(moves(before, after).map(Move::from)).as(context).containsOnly(removed);
    return after;
  }

  private static void assertWithinBounds(
      String context, SlotTable table, Map<String, Integer> weights) {
    Map<String, Integer> counts = table.counts();
    assertThat(table.isComplete()).as(context).isTrue();
    assertThat(weights.keySet()).as(context).containsAll(counts.keySet());
    for (String shard : weights.keySet()) {
      double share = share(shard, weights);
      assertThat((double) counts.getOrDefault(shard, 0))
          .as("%s: %s with share %f", context, shard, share)
          .isLessThanOrEqualTo(Math.max(Math.ceil(1.05 * share), share + 1))
          .isGreaterThanOrEqualTo(Math.min(Math.floor(0.75 * share), share - 1));
    }
    assertThat(Placement.of(table, weights)).as(context).isEqualTo(table);
  }

  /**
   * Nobody gives below its share, nobody receives above it, and one of the two was out of bounds.
   */
  private static void assertMovesAreDue(
      String context, SlotTable before, SlotTable after, Map<String, Integer> weights) {
    Map<String, Integer> counts = before.counts();
    Map<String, Integer> newCounts = after.counts();
    List<Move> voluntary =
        moves(before, after).filter(move -> weights.containsKey(move.from())).toList();
    for (Move move : voluntary) {
      double fromShare = share(move.from(), weights);
      double toShare = share(move.to(), weights);
      assertThat((double) newCounts.getOrDefault(move.from(), 0))
          .as(context)
          .isGreaterThan(fromShare - 1);
      assertThat((double) newCounts.getOrDefault(move.to(), 0)).as(context).isLessThan(toShare + 1);
      assertThat(
              counts.getOrDefault(move.from(), 0) > Math.ceil(1.05 * fromShare)
                  || counts.getOrDefault(move.to(), 0) < Math.floor(0.75 * toShare))
          .as("%s: %s", context, move)
          .isTrue();
    }
  }

  private record Move(String from, String to) {}

  private static Stream<Move> moves(SlotTable before, SlotTable after) {
    return IntStream.range(0, KeySlot.COUNT)
        .mapToObj(slot -> new Move(before.owner(slot).orElse(""), owner(after, slot)))
        .filter(move -> !move.from().equals(move.to()))
        .distinct();
  }

  private static String owner(SlotTable table, int slot) {
    return table.owner(slot).orElseThrow();
  }

  private static double share(String shard, Map<String, Integer> weights) {
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    return (double) KeySlot.COUNT * weights.getOrDefault(shard, 0) / total;
  }

  private static Map<String, Integer> weights(int shards, Random random) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (int i = 0; i < shards; i++) {
      weights.put("s" + i, weight(random));
    }
    return weights;
  }

  /** A few heavy shards among light ones: the shares of the light ones are close to whole slots. */
  private static int weight(Random random) {
    return random.nextInt(4) == 0 ? 1 + random.nextInt(60) : 1 + random.nextInt(3);
  }
}
