package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.spi.Clock.Moment;
import java.time.Duration;

/**
 * The right of this process to believe for a while that it knows the newest topology. It is granted
 * by the config group, again and again, and counts from the moment at which it was asked for: who
 * changes the topology waits for the period before anything can contradict the old one. So it must
 * be looked at when an answer is there, not when a request is sent.
 *
 * <p>Rests on clocks that differ in their rate by less than one in a hundred. One that stood still,
 * as it does while a machine is suspended, is noticed by comparison with the time of day; for what
 * is too short to be told from a clock that is being set, the lease ends earlier. One thread
 * grants, all may look.
 */
public final class Lease {

  /** The lease of a process whose topology never changes. */
  public static final Lease ALWAYS =
      new Lease(() -> new Moment(0, 0), Duration.ZERO, Duration.ZERO);

  private static final int CLOCKS_DIFFER_PERCENT = 1;

  private final Clock clock;
  private final long termNanos;
  private final long jumpMillis;
  private volatile Term term = Term.NONE;

  /** A lease that was granted: from when on, if at all. */
  private record Term(Moment from, boolean holds) {
    static final Term NONE = new Term(new Moment(0, 0), false);
  }

  /**
   * @param period how long others wait for it to end
   * @param jump by how much the clocks may run apart before the lease is dropped
   */
  public Lease(Clock clock, Duration period, Duration jump) {
    this.clock = clock;
    this.termNanos = period.toNanos() / 100 * (100 - CLOCKS_DIFFER_PERCENT) - jump.toNanos();
    this.jumpMillis = jump.toMillis();
  }

  /** After which it has ended by any clock, when it was granted for {@code period}. */
  public static Duration longest(Duration period) {
    return period.dividedBy(100).multipliedBy(100 + CLOCKS_DIFFER_PERCENT);
  }

  /** Whether it holds for ever. */
  public boolean isEndless() {
    return this == ALWAYS;
  }

  /**
   * The config group has granted what was asked for at {@code asked}, and everything that was
   * committed before is known to all event loops.
   */
  public void granted(Moment asked) {
    Term present = term;
    if (!present.holds() || asked.nanos() - present.from().nanos() > 0) {
      term = new Term(asked, true);
    }
  }

  /** Whether it is held now. */
  public boolean isHeld() {
    return isEndless() || isHeldAt(clock.now());
  }

  private boolean isHeldAt(Moment now) {
    Term present = term;
    long passedNanos = now.nanos() - present.from().nanos();
    if (!present.holds() || passedNanos >= termNanos) {
      return false;
    }
    long passedMillis = now.wallMillis() - present.from().wallMillis();
    if (Math.abs(passedMillis - passedNanos / 1_000_000) < jumpMillis) {
      return true;
    }
    // The clocks may come together again, which would prove nothing.
    term = Term.NONE;
    return false;
  }
}
