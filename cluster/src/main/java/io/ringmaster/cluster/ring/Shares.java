package io.ringmaster.cluster.ring;

import io.ringmaster.protocol.KeySlot;
import java.util.Arrays;

/**
 * The slots that each shard should hold: its share of the slots, {@code 16384 * weight / total
 * weight}, and the bounds around it. Exact integer arithmetic, so that everyone gets the same.
 */
final class Shares {

  private final int[] weights;
  private final long total;

  Shares(int[] weights) {
    this.weights = weights;
    this.total = Arrays.stream(weights).asLongStream().sum();
  }

  /** Whether {@code count} slots are less than the share. */
  boolean isBelow(int shard, int count) {
    return count * total < numerator(shard);
  }

  /** Whether {@code count} slots are more than the share. */
  boolean isAbove(int shard, int count) {
    return count * total > numerator(shard);
  }

  /** The share, rounded down. */
  int floor(int shard) {
    return (int) (numerator(shard) / total);
  }

  /** The share, rounded up. */
  int ceiling(int shard) {
    return (int) Math.ceilDiv(numerator(shard), total);
  }

  /** Upper bound: 5 % above the share, rounded up, or else one more than the share. */
  int most(int shard) {
    long tolerant = Math.ceilDiv(105 * numerator(shard), 100 * total);
    return (int) Math.max(tolerant, floor(shard) + 1);
  }

  /** Lower bound: 25 % below the share, rounded down, or else one less than the share. */
  int least(int shard) {
    return below(shard, 75);
  }

  /**
   * Returns the slots that a shard is sure to get when slots are given away anyway: 5 % below its
   * share, rounded down, or else one less. Well above the lower bound, so that later changes
   * elsewhere do not push it below.
   */
  int reserved(int shard) {
    return below(shard, 95);
  }

  private int below(int shard, int percent) {
    long tolerant = percent * numerator(shard) / (100 * total);
    return (int) Math.min(tolerant, ceiling(shard) - 1);
  }

  private long numerator(int shard) {
    return (long) KeySlot.COUNT * weights[shard];
  }
}
