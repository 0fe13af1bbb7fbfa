package io.ringmaster.proxy.loop;

import io.ringmaster.protocol.codec.NoRoomException;
import io.ringmaster.protocol.codec.Room;

/**
 * The share of one event loop's clients in the {@link MemoryBudget}. It is drawn and given back in
 * portions, so that a request costs nothing that loops share.
 *
 * <p>Who asks for much before he takes it gets at most half of what is free. So nobody uses the
 * budget up, and something is left for all who need little. Belongs to the loop.
 */
public final class MemoryAccount implements Room {

  /** The bytes that are drawn at a time. */
  static final long PORTION = 256 * 1024;

  /** Who asks for no more gets it in any case: to refuse it would help nobody. */
  static final long LITTLE = 4 * 1024;

  private final MemoryBudget budget;
  private long used;
  private long drawn;
  private long known;

  public MemoryAccount(MemoryBudget budget) {
    this.budget = budget;
    this.known = budget.newest().number();
  }

  /**
   * Counts so many bytes more as held, whether there is room for them or not; fewer if negative.
   */
  public void add(long bytes) {
    used += bytes;
    if (used > drawn || used < drawn - 2 * PORTION) {
      adjust();
    }
  }

  private void adjust() {
    long wanted = used <= 0 ? 0 : (used + PORTION - 1) / PORTION * PORTION;
    budget.draw(wanted - drawn);
    drawn = wanted;
  }

  @Override
  public void take(long bytes) {
    if (bytes > LITTLE && bytes > free()) {
      throw new NoRoomException(bytes);
    }
    add(bytes);
  }

  @Override
  public void giveBack(long bytes) {
    add(-bytes);
  }

  /** Bytes that nobody holds; negative if more are held than there are. */
  public long free() {
    return budget.limit() - budget.drawn() + drawn - used;
  }

  /** The most that one client may hold now. */
  public long share() {
    return free() / 2;
  }

  /** Whether somebody who holds {@code held} bytes may hold {@code bytes} in all. */
  public boolean admits(long bytes, long held) {
    return bytes <= (free() + held) / 2;
  }

  /**
   * Tells that {@code bytes} are lacking, so that clients have to give up theirs who keep them in
   * vain, on all loops. Nobody has to for what there will never be enough for.
   */
  public void want(long bytes) {
    if (bytes <= budget.limit() / 2) {
      budget.want(bytes);
    }
  }

  /**
   * Bytes that have to become free for what somebody lacks, on whatever loop; each time that is
   * told once.
   */
  public long takeWanted() {
    MemoryBudget.Want newest = budget.newest();
    if (newest.number() == known) {
      return 0;
    }
    known = newest.number();
    // Nobody gets more than half of what is free.
    return Math.max(0, 2 * newest.bytes() - free());
  }

  /** Returns the bytes that this loop holds. */
  public long used() {
    return used;
  }

  /** Returns the budget that all loops share. */
  public MemoryBudget budget() {
    return budget;
  }
}
