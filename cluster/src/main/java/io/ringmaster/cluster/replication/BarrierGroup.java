package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.replication.Barrier.Result;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one leader that may be passed on once enough nodes hold what they tell. One
 * barrier covers all replies that had come before it was sent; those that come meanwhile wait for
 * the next one. There are none while the replicas tell by themselves how far they are: see {@link
 * Trail}.
 *
 * <p>A barrier costs the servers as much as dozens of small writes. So one is not begun while more
 * replies are in flight than there are for it to cover, unless that takes longer than a few
 * barriers do: who writes alone does not wait. All in flight would be too many, as the leader would
 * have nothing to do meanwhile. Belongs to one event loop.
 */
final class BarrierGroup implements Trail.Held {

  private static final int LOOK_AGAIN_MILLIS = 1000;

  /** How long replies in flight are waited for, in times of the last barrier; measured. */
  private static final int PATIENCE = 4;

  /** The same if nothing comes any more. */
  private static final int STRAGGLERS_MILLIS = 2;

  private final Backends backends;
  private final Scheduler scheduler;
  private final BarrierSettings settings;
  private final BarrierCounters counters;
  private final LeaderMarker marker;
  private final Shard shard;
  private final int copies;
  private final Trail trail;
  // Those that replies came on since a connection was lost.
  private final List<Lane> lanes = new ArrayList<>(2);
  private List<HeldReply> waiting = new ArrayList<>();
  private List<HeldReply> covered = new ArrayList<>();
  private @Nullable Barrier running;
  private boolean starting;
  private boolean retired;
  private String refusal = "";
  // Writes that were sent to the leader and are not answered.
  private int inFlight;
  private long waitingSinceMicros;
  // Of the barrier that is running.
  private long sequence;
  private long numberBefore;
  private long begunMicros;
  private long lastTookMicros;
  private boolean timed;

  BarrierGroup(
      Backends backends,
      Scheduler scheduler,
      BarrierSettings settings,
      BarrierCounters counters,
      LeaderMarker marker,
      Shard shard,
      int copies) {
    this.backends = backends;
    this.scheduler = scheduler;
    this.settings = settings;
    this.counters = counters;
    this.marker = marker;
    this.shard = shard;
    this.copies = copies;
    this.trail = new Trail(this, backends, scheduler, counters, marker, shard, copies - 1);
  }

  /** Begins to listen to the replicas. */
  void listen() {
    trail.start();
  }

  Shard shard() {
    return shard;
  }

  /** Whether a write is under way, or its reply is held. */
  boolean isBusy() {
    return inFlight > 0 || !waiting.isEmpty() || running != null || trail.isBusy();
  }

  /** Whether this group is the one of that shard, in its present epoch. */
  boolean serves(Shard wanted, int wantedCopies) {
    return wantedCopies == copies
        && wanted.epoch() == shard.epoch()
        && wanted.id().equals(shard.id());
  }

  /** Why nothing may be sent to the leader now; empty if it may. */
  String refusal() {
    return refusal;
  }

  /** A write is about to be sent on {@code lane}: its reply is held, an error passed on. */
  ReplyCallback expect(Lane lane, ClientView view, ReplyCallback callback) {
    inFlight++;
    trail.follow(lane);
    return new HeldReply(this, lane, view, callback);
  }

  /** Holds {@code reply}, which came on {@code lane}. */
  void hold(Lane lane, ClientView view, ReplyCallback callback, Reply reply) {
    hold(new HeldReply(this, lane, view, callback), reply);
    trail.follow(lane);
  }

  /** Holds {@code reply} to what {@link #expect} was told of. */
  void hold(HeldReply held, Reply reply) {
    if (!lanes.contains(held.lane())) {
      lanes.add(held.lane());
    }
    if (waiting.isEmpty()) {
      waitingSinceMicros = scheduler.micros();
    }
    held.hold(reply, waitingSinceMicros);
    waiting.add(held);
    moreHeld();
  }

  /** What {@link #expect} was told of is not in flight any more. */
  void answered() {
    inFlight--;
    moreHeld();
  }

  /** Ends everything held as unknown; a barrier that is under way proves nothing any more. */
  void revoke(String reason) {
    running = null;
    List<HeldReply> all = covered;
    all.addAll(trail.clear());
    all.addAll(waiting);
    covered = new ArrayList<>();
    waiting = new ArrayList<>();
    lanes.clear();
    fail(all, reason);
  }

  /** The shard has begun another epoch: this leader is looked after no more. */
  void retire(String reason) {
    retired = true;
    revoke(reason);
    trail.end();
  }

  private void moreHeld() {
    if (!trail.isReliable()) {
      startSoon();
    }
  }

  private void startSoon() {
    if (running == null && !starting && !waiting.isEmpty()) {
      starting = true;
      scheduler.afterThis(this::start);
    }
  }

  private void start() {
    starting = false;
    if (running != null || waiting.isEmpty()) {
      return;
    }
    if (trail.isReliable()) {
      waiting.forEach(held -> trail.follow(held.lane()));
    } else if (!isWorthWaiting()) {
      begin();
    }
  }

  private boolean isWorthWaiting() {
    if (inFlight <= waiting.size()
        || scheduler.micros() - waitingSinceMicros >= PATIENCE * lastTookMicros) {
      return false;
    }
    if (!timed) {
      timed = true;
      scheduler.schedule(STRAGGLERS_MILLIS, this::stragglers);
    }
    return true;
  }

  private void stragglers() {
    timed = false;
    if (running == null && !waiting.isEmpty() && !trail.isReliable()) {
      begin();
    }
  }

  private void begin() {
    List<HeldReply> free = covered;
    covered = waiting;
    waiting = free;
    sequence = trail.next();
    numberBefore = marker.highest();
    Barrier barrier = barrier(sequence, this::ended);
    running = barrier;
    begunMicros = scheduler.micros();
    counters.begun();
    barrier.send(backends, settings.waitMillis());
  }

  private Barrier barrier(long ofSequence, Barrier.Outcome outcome) {
    Request raise = Marker.raise(shard.epoch(), trail.channel(), ofSequence);
    return new Barrier(shard, Lane.BARRIER, copies, raise, outcome);
  }

  private void ended(Barrier barrier, Result result, String detail) {
    if (barrier != running) {
      return;
    }
    running = null;
    if (result == Result.HELD) {
      held(barrier);
    } else if (result == Result.SHORT) {
      counters.shortOfReplicas();
      waitAgain(detail);
    } else {
      refused(result, detail);
    }
  }

  private void refused(Result result, String detail) {
    switch (result) {
      case UNMARKED -> unmarked();
      case FENCED -> fenced("it does not lead shard " + shard.id() + " any more: " + detail);
      default -> revoke("no barrier: " + detail);
    }
  }

  private void held(Barrier barrier) {
    if (!marker.advance(numberBefore, barrier.number())) {
      historyLost();
    } else if (!isOneRun(Lane.BARRIER)) {
      restarted();
    } else {
      lastTookMicros = scheduler.micros() - begunMicros;
      List<HeldReply> done = covered;
      covered = new ArrayList<>(done.size());
      trail.answered(sequence, lastTookMicros / 1000);
      startSoon();
      proved(done, barrier.number());
    }
  }

  @Override
  public void historyLost() {
    counters.historyLost(shard);
    revoke("its history went back");
    backends.fence(leader(), "its history went back");
  }

  @Override
  public boolean isOneRun(Lane lane) {
    String run = backends.runId(leader(), lane);
    return lanes.stream().allMatch(other -> backends.runId(leader(), other).equals(run));
  }

  @Override
  public void restarted() {
    revoke("it was restarted");
  }

  @Override
  public void refused(String error) {
    refused(Barrier.refusal(error), error);
  }

  @Override
  public void proved(List<HeldReply> replies, long number) {
    counters.held(replies.size());
    for (HeldReply reply : replies) {
      reply.prove(number);
    }
  }

  @Override
  public List<HeldReply> takeAll() {
    List<HeldReply> all = waiting;
    waiting = new ArrayList<>();
    return all;
  }

  @Override
  public List<HeldReply> takeFrom(Lane lane) {
    if (lanes.size() == 1) {
      return takeAll();
    }
    List<HeldReply> taken = new ArrayList<>();
    List<HeldReply> left = new ArrayList<>();
    for (HeldReply held : waiting) {
      (held.lane().equals(lane) ? taken : left).add(held);
    }
    waiting = left;
    return taken;
  }

  @Override
  public void putBack(List<HeldReply> replies) {
    List<HeldReply> all = new ArrayList<>(replies);
    all.addAll(waiting);
    waiting = all;
  }

  @Override
  public void late() {
    startSoon();
  }

  private void unmarked() {
    if (marker.begin()) {
      backends.send(leader(), Lane.BARRIER, Marker.begin(shard.epoch()), new Beginning());
    } else {
      fenced("it has lost the marker of shard " + shard.id());
    }
  }

  /** Nothing is sent to this leader any more, but for barriers that look whether it is back. */
  private void fenced(String reason) {
    refusal = reason;
    revoke(reason);
    backends.fence(leader(), reason);
    scheduler.schedule(LOOK_AGAIN_MILLIS, this::lookAgain);
  }

  private void lookAgain() {
    if (!retired) {
      barrier(trail.next(), this::looked).send(backends, settings.waitMillis());
    }
  }

  private void looked(Barrier barrier, Result result, String detail) {
    if (result == Result.HELD || result == Result.SHORT) {
      refusal = "";
    } else {
      scheduler.schedule(LOOK_AGAIN_MILLIS, this::lookAgain);
    }
  }

  /** Keeps what is held for the next barrier, but for those who have waited long enough. */
  private void waitAgain(String detail) {
    long latest = scheduler.micros() - settings.deadlineMillis() * 1000L;
    List<HeldReply> late = new ArrayList<>();
    List<HeldReply> kept = new ArrayList<>();
    for (HeldReply held : covered) {
      (held.sinceMicros() <= latest ? late : kept).add(held);
    }
    putBack(kept);
    covered = new ArrayList<>();
    startSoon();
    fail(late, detail);
  }

  private void fail(List<HeldReply> all, String reason) {
    counters.revoked(all.size());
    for (HeldReply held : all) {
      held.fail(BackendFailure.OUTCOME_UNKNOWN, leader(), reason);
    }
  }

  private NodeId leader() {
    return shard.leader().id();
  }

  /** The marker is there: what was held meanwhile gets its barrier. */
  private final class Beginning implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        revoke("no marker: " + reply.text());
      } else {
        waitAgain("no marker in time");
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      revoke("no marker: " + reason);
    }
  }
}
