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
 * The place that each slot should have: a pure function of where the slots are and of the shards'
 * weights.
 *
 * <p>A shard's <em>share</em> is {@code 16384 * weight / total weight}; it is <em>within
 * bounds</em> from 25 % below to 5 % above, one slot at least either way. In this order:
 *
 * <ol>
 *   <li>slots without an owner go to shards below their share, in the order of the ring; all are
 *       sure to get near their share before others get all of it;
 *   <li>shards that are still below bounds get slots up to their share, from those above theirs;
 *   <li>shards that are still above bounds give what exceeds their share to those below theirs.
 * </ol>
 *
 * <p>So no slot moves between two shards that are both within bounds, nobody gives below its share,
 * all are within bounds in the end, and placing once more moves nothing. A shard that is added gets
 * at most its share and nobody else gets anything; when one is removed only its slots move. These
 * two hold for tables that placement itself made, by the distance between what it gives and the
 * bounds; a table in which most shards stand at a bound can need more moves.
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
      lacking += Math.max(0, shares.reserved(shard) - counts[shard]);
    }
    for (int slot = 0; slot < owners.length && unowned > 0; slot++) {
      if (owners[slot] != UNOWNED) {
        continue;
      }
      int shard = ring.first(slot, unowned <= lacking ? this::isLean : this::isBelowShare);
      if (isLean(shard)) {
        lacking--;
      }
      unowned--;
      give(slot, shard);
    }
  }

  private void feedStarved() {
    BitSet starved = shardsThat(this::isStarved);
    int wanted = starved.stream().map(shard -> shares.floor(shard) - counts[shard]).sum();
    int[] surplus = new int[counts.length];
    for (int i = 0; i < wanted; i++) {
      surplus[nearestToUpperBound(surplus)]++;
    }
    move(surplus, shard -> starved.get(shard) && counts[shard] < shares.floor(shard));
  }

  private void relieveOverloaded() {
    int[] surplus = new int[counts.length];
    shardsThat(shard -> counts[shard] > shares.most(shard)).stream()
        .forEach(shard -> surplus[shard] = counts[shard] - shares.ceiling(shard));
    move(surplus, this::isBelowShare);
  }

  /** Of the shards that stay above their share; with whole slots there are always enough. */
  private int nearestToUpperBound(int[] surplus) {
    return IntStream.range(0, surplus.length)
        .filter(shard -> shares.isAbove(shard, counts[shard] - surplus[shard]))
        .boxed()
        .max(Comparator.comparingInt(shard -> counts[shard] - surplus[shard] - shares.most(shard)))
        .orElseThrow();
  }

  /** Moves the surplus to takers: first slots that prefer a taker to their owner, then others. */
  private void move(int[] surplus, IntPredicate taker) {
    for (int slot = 0; slot < owners.length; slot++) {
      int owner = owners[slot];
      if (surplus[owner] > 0) {
        int shard = ring.first(slot, each -> each == owner || taker.test(each));
        if (shard != owner) {
          surplus[owner]--;
          give(slot, shard);
        }
      }
    }
    for (int slot = 0; slot < owners.length; slot++) {
      int owner = owners[slot];
      if (surplus[owner] > 0) {
        surplus[owner]--;
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

  private boolean isLean(int shard) {
    return counts[shard] < shares.reserved(shard);
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
