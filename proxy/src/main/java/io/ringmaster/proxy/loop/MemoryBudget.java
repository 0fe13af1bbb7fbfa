package io.ringmaster.proxy.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all clients together may cause to be held: received, waiting for servers or for
 * clients, copied. Each event loop draws on it through its {@link MemoryAccount}. Safe for all
 * threads.
 */
public final class MemoryBudget {

  private final long limit;
  private final AtomicLong drawn = new AtomicLong();

  /** A budget of {@code limit} bytes. */
  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** All bytes, used or not. */
  public long limit() {
    return limit;
  }

  /** What the loops have drawn; up to a portion each of it is not used. */
  public long drawn() {
    return drawn.get();
  }

  void draw(long bytes) {
    drawn.addAndGet(bytes);
  }
}
