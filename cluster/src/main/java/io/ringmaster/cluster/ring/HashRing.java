package io.ringmaster.cluster.ring;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * A consistent-hash ring with virtual nodes: {@value #VIRTUAL_NODES} points for each unit of a
 * shard's weight. A slot has a point too; the shards in the order in which their points follow it
 * are the slot's preference. A shard that comes or goes leaves the order of all others as it was.
 *
 * <p>Points never change between versions, since coordinators of different versions must agree:
 * point {@code i} of a name is {@code mix(mix(fnv1a(name)) + (i + 1) * 0x9E3779B97F4A7C15)}, the
 * FNV-1a hash of its UTF-8 bytes as the seed of a SplitMix64 sequence, and slot {@code i} has point
 * {@code i} of the empty name. The lowest 16 bits of a shard's point give way to its rank among the
 * ids, which makes equal points impossible. Immutable.
 *
 * @see <a href="http://www.isthe.com/chongo/tech/comp/fnv/">FNV</a>
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast Splittable
 *     Pseudorandom Number Generators (2014)</a>
 */
public final class HashRing {

  /** Points of a shard of weight 1. */
  public static final int VIRTUAL_NODES = 160;

  /** The greatest weight: it bounds the size of a ring. */
  public static final int MAX_WEIGHT = 1000;

  private static final int RANK_BITS = 16;
  private static final int RANK_MASK = (1 << RANK_BITS) - 1;

  private final List<String> shards;
  private final long[] points;

  /**
   * The ring of these shards.
   *
   * @param weights the weight of each shard by its id; at least one shard
   * @throws IllegalArgumentException if there are no or too many shards, or a weight is out of
   *     range
   */
  public HashRing(Map<String, Integer> weights) {
    if (weights.isEmpty() || weights.size() > RANK_MASK) {
      throw new IllegalArgumentException("a ring cannot have " + weights.size() + " shards");
    }
    Map<String, Integer> sorted = new TreeMap<>(weights);
    shards = List.copyOf(sorted.keySet());
    points = points(sorted);
  }

  /** The ids of the shards, ascending; a shard's place here is its rank. */
  public List<String> shards() {
    return shards;
  }

  /** The rank of a shard, negative if it is not on the ring. */
  int rankOf(String shard) {
    return Collections.binarySearch(shards, shard);
  }

  /** Returns all shards, the one that {@code slot} likes best first. */
  public List<String> preference(int slot) {
    List<String> order = new ArrayList<>(shards.size());
    boolean[] seen = new boolean[shards.size()];
    int at = following(slot);
    while (order.size() < shards.size()) {
      int rank = rank(at++);
      if (!seen[rank]) {
        seen[rank] = true;
        order.add(shards.get(rank));
      }
    }
    return List.copyOf(order);
  }

  /**
   * The rank of the first shard in the preference of {@code slot} that is acceptable.
   *
   * @throws IllegalStateException if none is
   */
  int first(int slot, IntPredicate acceptable) {
    int start = following(slot);
    for (int at = start; at < start + points.length; at++) {
      int rank = rank(at);
      if (acceptable.test(rank)) {
        return rank;
      }
    }
    throw new IllegalStateException("no shard for slot " + slot);
  }

  private int rank(int at) {
    return (int) points[at % points.length] & RANK_MASK;
  }

  private int following(int slot) {
    int found = Arrays.binarySearch(points, point(seed(""), slot));
    return found >= 0 ? found : -found - 1;
  }

  private static long[] points(Map<String, Integer> sorted) {
    int units = 0;
    for (int weight : sorted.values()) {
      if (weight < 1 || weight > MAX_WEIGHT) {
        throw new IllegalArgumentException("weight " + weight + " is not in 1.." + MAX_WEIGHT);
      }
      units += weight;
    }
    long[] points = new long[Math.multiplyExact(units, VIRTUAL_NODES)];
    int next = 0;
    int rank = 0;
    for (Map.Entry<String, Integer> shard : sorted.entrySet()) {
      long seed = seed(shard.getKey());
      for (int i = 0; i < shard.getValue() * VIRTUAL_NODES; i++) {
        points[next++] = (point(seed, i) & ~RANK_MASK) | rank;
      }
      rank++;
    }
    Arrays.sort(points);
    return points;
  }

  private static long seed(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  private static long point(long seed, int index) {
    return mix(seed + (index + 1) * 0x9E3779B97F4A7C15L);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public String toString() {
    return "HashRing" + shards;
  }
}
