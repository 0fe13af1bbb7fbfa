package io.ringmaster.proxy.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all clients together may cause to be held: received, waiting for servers or for
 * clients, copied. Each event loop draws on it through a {@link MemoryAccount}. Safe for all
 * threads.
 */
public final class MemoryBudget {

  private final long limit;
  private final AtomicLong drawn = new AtomicLong();
  private volatile Want newest = new Want(0, 0);

  /**
   * A lack of memory, for which clients have to give up theirs who keep it in vain.
   *
   * @param number greater each time, so that each loop sees whether it knows of it already
   */
  record Want(long number, long bytes) {}

  /** A budget of {@code limit} bytes. */
  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Returns a budget that is never used up. */
  public static MemoryBudget endless() {
    return new MemoryBudget(Long.MAX_VALUE / 2);
  }

  /** Returns the number of all bytes, used or not. */
  public long limit() {
    return limit;
  }

  /** Returns the bytes that the loops have drawn; up to two portions each of it are not used. */
  public long drawn() {
    return drawn.get();
  }

  void draw(long bytes) {
    drawn.addAndGet(bytes);
  }

  void want(long bytes) {
    // Of two at the same time one is enough: whoever still lacks something says it again.
    newest = new Want(newest.number() + 1, bytes);
  }

  Want newest() {
    return newest;
  }
}
