package io.ringmaster.proxy.loop;

/**
 * What one event loop's clients hold of the {@link MemoryBudget}. It is drawn and given back in
 * portions, so that a request costs nothing that loops share.
 *
 * <p>Who asks before he takes may hold as much as is still free, and not more. So nobody can use
 * the budget up: one large holder gets a half of it, two a third each, and something is left for
 * whoever needs little. Belongs to the loop.
 */
public final class MemoryAccount {

  /** What is drawn at a time. */
  static final long PORTION = 256 * 1024;

  private final MemoryBudget budget;
  private long used;
  private long drawn;

  public MemoryAccount(MemoryBudget budget) {
    this.budget = budget;
  }

  /** So many bytes more are held; fewer if it is negative. */
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

  /** Bytes that nobody holds; negative if more are held than there are. */
  public long free() {
    return budget.limit() - budget.drawn() + drawn - used;
  }

  /** Whether somebody may hold {@code bytes}. */
  public boolean admits(long bytes) {
    return bytes <= free();
  }

  /** What this loop holds. */
  long used() {
    return used;
  }
}
