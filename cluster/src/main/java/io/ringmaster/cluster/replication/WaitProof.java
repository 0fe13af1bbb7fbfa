package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.replication.Barrier.Result;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The proof that always works: barriers, in which the leader waits for its replicas, one after the
 * other. One covers all replies that had come before it was sent; those that come meanwhile wait
 * for the next one. There are none while {@link AckProof} is relied upon.
 *
 * <p>A barrier costs the servers as much as dozens of small writes. So one is not begun while more
 * replies are in flight than there are for it to cover, unless that takes longer than a few
 * barriers do: who writes alone does not wait. All in flight would be too many, as the leader would
 * have nothing to do meanwhile. Belongs to one event loop.
 */
final class WaitProof {

  /** How long replies in flight are waited for, in times of the last barrier; measured. */
  private static final int PATIENCE = 4;

  /** The same if nothing comes any more. */
  private static final int STRAGGLERS_MILLIS = 2;

  private final CommitGroup group;
  private final Backends backends;
  private final Scheduler scheduler;
  private final int waitMillis;
  private @Nullable Running running;
  private boolean starting;
  private boolean timed;
  private long lastTookMicros;

  WaitProof(CommitGroup group, Backends backends, Scheduler scheduler, int waitMillis) {
    this.group = group;
    this.backends = backends;
    this.scheduler = scheduler;
    this.waitMillis = waitMillis;
  }

  boolean isBusy() {
    return running != null;
  }

  /** One that is under way proves nothing any more. */
  void forget() {
    running = null;
  }

  /** There is something to be proved. */
  void beginSoon() {
    if (running == null && !starting && group.hasUncommitted()) {
      scheduler.afterThis(this::start);
      starting = true;
    }
  }

  private void start() {
    starting = false;
    if (running == null && group.needsBarrier() && !isWorthWaiting()) {
      begin();
    }
  }

  private boolean isWorthWaiting() {
    if (!group.expectsMore(PATIENCE * lastTookMicros)) {
      return false;
    }
    if (!timed) {
      scheduler.schedule(STRAGGLERS_MILLIS, this::stragglers);
      timed = true;
    }
    return true;
  }

  private void stragglers() {
    timed = false;
    if (running == null && group.needsBarrier()) {
      begin();
    }
  }

  private void begin() {
    Running fresh = new Running(group.advance(Lane.BARRIER));
    running = fresh;
    fresh.barrier.send(backends, waitMillis);
  }

  /** A barrier that is under way. */
  private final class Running implements Barrier.Outcome {
    private final MarkerAdvance advance;
    private final Barrier barrier;
    private final long begunMicros = scheduler.micros();

    Running(MarkerAdvance advance) {
      this.advance = advance;
      this.barrier = group.barrier(group.request(advance), this);
    }

    @Override
    public void advanced(long number) {
      if (running == this) {
        group.answered(advance, number);
      }
    }

    @Override
    public void ended(Barrier ended, Result result, String detail) {
      if (running != this) {
        return;
      }
      switch (result) {
        case HELD -> held();
        case SHORT -> tooFew(detail);
        default -> {
          running = null;
          group.refused(result, detail);
        }
      }
    }

    private void held() {
      running = null;
      lastTookMicros = scheduler.micros() - begunMicros;
      group.barrierTook(lastTookMicros / 1000);
      group.proved(advance.number());
      beginSoon();
    }

    /** The rest is waited for on, but nobody longer than the deadline. */
    private void tooFew(String detail) {
      group.tooFew(detail);
      if (running == this && group.isWaitedFor(advance)) {
        barrier.waitAgain(backends, waitMillis);
      } else if (running == this) {
        running = null;
        beginSoon();
      }
    }
  }
}
