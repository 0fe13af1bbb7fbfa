package io.ringmaster.cluster.ring;

import io.ringmaster.protocol.KeySlot;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the slots should be: a pure function of where they are and of the shards' weights.
 *
 * <p>A shard's <em>share</em> is {@code 16384 * weight / total weight}; it is <em>within
 * bounds</em> with 5 % (at least one slot) more or less. In this order:
 *
 * <ol>
 *   <li>slots without an owner go to shards below their share, in the order of the ring; those
 *       below bounds are sure to get what they lack;
 *   <li>shards that are still below bounds get slots up to their share, from those above theirs;
 *   <li>shards that are still above bounds give what exceeds their share to those below theirs.
 * </ol>
 *
 * <p>So no slot moves between two shards that are both within bounds, nobody gives below its share,
 * all are within bounds in the end, and placing once more moves nothing. A shard that is added gets
 * at most its share and nobody else gets anything; when one is removed only its slots move. (Both
 * hold for what placement itself produces; from a table at the edges of all bounds, whole slots may
 * leave no other way than one more move.)
 */
public final class Placement {

  private static final int UNOWNED = -1;

  private final HashRing ring;
  private final int[] owners = new int[KeySlot.COUNT];
  private final int[] counts;
  private final Shares shares;

  private Placement(SlotTable current, Map<String, Integer> weights) {
    ring = new HashRing(weights);
    shares = new Shares(ring.shards().stream().mapToInt(weights::get).toArray());
    counts = new int[weights.size()];
    Arrays.fill(owners, UNOWNED);
    for (int slot = 0; slot < owners.length; slot++) {
      int rank = current.owner(slot).map(ring::rankOf).orElse(UNOWNED);
      if (rank >= 0) {
        give(slot, rank);
      }
    }
  }

  /**
   * The table that {@code current} should become.
   *
   * @param current owners now; slots of shards that are not in {@code weights} count as unowned
   * @param weights the weight of each shard by its id
   */
  public static SlotTable of(SlotTable current, Map<String, Integer> weights) {
    Placement placement = new Placement(current, weights);
    placement.placeUnowned();
    placement.feedStarved();
    placement.relieveOverloaded();
    return placement.table();
  }

  private void placeUnowned() {
    int unowned = KeySlot.COUNT - Arrays.stream(counts).sum();
    int lacking = 0;
    for (int shard = 0; shard < counts.length; shard++) {
      lacking += Math.max(0, shares.least(shard) - counts[shard]);
    }
    for (int slot = 0; slot < owners.length && unowned > 0; slot++) {
      if (owners[slot] != UNOWNED) {
        continue;
      }
      int shard = ring.first(slot, unowned <= lacking ? this::isStarved : this::isBelowShare);
      if (isStarved(shard)) {
        lacking--;
      }
      unowned--;
      give(slot, shard);
    }
  }

  private void feedStarved() {
    BitSet starved = shardsThat(this::isStarved);
    int wanted = starved.stream().map(shard -> shares.floor(shard) - counts[shard]).sum();
    int[] left = counts.clone();
    for (int i = 0; i < wanted; i++) {
      left[nearestToUpperBound(left)]--;
    }
    moveDownTo(left, shard -> starved.get(shard) && counts[shard] < shares.floor(shard));
  }

  private void relieveOverloaded() {
    int[] left = counts.clone();
    shardsThat(shard -> counts[shard] > shares.most(shard)).stream()
        .forEach(shard -> left[shard] = shares.ceiling(shard));
    moveDownTo(left, this::isBelowShare);
  }

  /** Of the shards above their share; with whole slots there are always enough to give. */
  private int nearestToUpperBound(int[] left) {
    return IntStream.range(0, left.length)
        .filter(shard -> shares.isAbove(shard, left[shard]))
        .boxed()
        .max(Comparator.comparingInt(shard -> left[shard] - shares.most(shard)))
        .orElseThrow();
  }

  /**
   * Moves slots of each shard that has more than {@code left} to takers: first the slots that
   * prefer a taker to their owner, then others.
   */
  private void moveDownTo(int[] left, IntPredicate taker) {
    for (int slot = 0; slot < owners.length; slot++) {
      int owner = owners[slot];
      if (counts[owner] > left[owner]) {
        give(slot, ring.first(slot, shard -> shard == owner || taker.test(shard)));
      }
    }
    for (int slot = 0; slot < owners.length; slot++) {
      if (counts[owners[slot]] > left[owners[slot]]) {
        give(slot, ring.first(slot, taker));
      }
    }
  }

  private void give(int slot, int shard) {
    if (owners[slot] != UNOWNED) {
      counts[owners[slot]]--;
    }
    owners[slot] = shard;
    counts[shard]++;
  }

  private boolean isStarved(int shard) {
    return counts[shard] < shares.least(shard);
  }

  private boolean isBelowShare(int shard) {
    return shares.isBelow(shard, counts[shard]);
  }

  private BitSet shardsThat(IntPredicate condition) {
    return IntStream.range(0, counts.length)
        .filter(condition)
        .collect(BitSet::new, BitSet::set, BitSet::or);
  }

  private SlotTable table() {
    @Nullable String[] ids = new @Nullable String[owners.length];
    Arrays.setAll(ids, slot -> ring.shards().get(owners[slot]));
    return new SlotTable(ids);
  }
}
