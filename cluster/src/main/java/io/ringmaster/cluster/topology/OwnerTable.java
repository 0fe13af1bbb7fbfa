package io.ringmaster.cluster.topology;

import io.ringmaster.protocol.KeySlot;

/**
 * The index of the shard that owns each slot, in as few bits as tell the shards apart. It is read
 * at random for each key, from processor caches that the servers of the same machine use too: the 4
 * KiB that four shards need stay there, larger tables do not.
 */
final class OwnerTable {

  private final int bitsLog;
  private final int slotsPerWordLog;
  private final long ownerMask;
  private final long[] words;

  /** A table for indexes below {@code shards}, in which each slot belongs to shard 0. */
  OwnerTable(int shards) {
    int log = 0;
    while ((shards - 1L) >>> (1 << log) != 0) {
      log++;
    }
    this.bitsLog = log;
    this.slotsPerWordLog = 6 - log;
    this.ownerMask = (1L << (1 << log)) - 1;
    this.words = new long[KeySlot.COUNT >> slotsPerWordLog];
  }

  int owner(int slot) {
    // Of the distance of a shift only the place in the word counts.
    return (int) (words[slot >> slotsPerWordLog] >>> (slot << bitsLog) & ownerMask);
  }

  /** Gives the slots from {@code from} to before {@code end}, which belong to shard 0, away. */
  void assign(int from, int end, int owner) {
    // Word by word: a new topology makes the table anew while clients may wait for it.
    long pattern = Long.divideUnsigned(-1L, ownerMask) * owner;
    int slot = from;
    while (slot < end) {
      int endOfWord = ((slot >> slotsPerWordLog) + 1) << slotsPerWordLog;
      int next = Math.min(end, endOfWord);
      long below = -1L >>> ((slot - next) << bitsLog);
      words[slot >> slotsPerWordLog] |= pattern & below << (slot << bitsLog);
      slot = next;
    }
  }
}
