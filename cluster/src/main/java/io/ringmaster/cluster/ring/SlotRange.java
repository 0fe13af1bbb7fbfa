package io.ringmaster.cluster.ring;

import io.ringmaster.protocol.KeySlot;

/** The slots from {@code first} to {@code last}, both included. */
public record SlotRange(int first, int last) {

  /**
   * @throws IllegalArgumentException if it is empty or leaves the slots that exist
   */
  public SlotRange {
    if (first < 0 || last >= KeySlot.COUNT || first > last) {
      throw new IllegalArgumentException("no slot range: " + first + "-" + last);
    }
  }

  /** Returns the range of all slots. */
  public static SlotRange all() {
    return new SlotRange(0, KeySlot.COUNT - 1);
  }

  /** Returns the number of slots in this range. */
  public int size() {
    return last - first + 1;
  }

  /** Returns the range as Redis prints it: {@code 5} or {@code 5-9}. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
