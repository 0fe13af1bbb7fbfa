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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one leader that may be passed on once enough nodes hold what they tell. One
 * barrier covers all replies that had come before it was sent; those that come meanwhile wait for
 * the next one.
 *
 * <p>A barrier costs the servers as much as dozens of small writes. So one is not begun while more
 * replies are in flight than there are for it to cover, unless that takes longer than a few
 * barriers do: who writes alone does not wait. All in flight would be too many, as the leader would
 * have nothing to do meanwhile. Belongs to one event loop.
 */
final class BarrierGroup {

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
  private final List<Lane> lanes = new ArrayList<>(2);
  private List<Expected> waiting = new ArrayList<>();
  private List<Expected> covered = new ArrayList<>();
  private @Nullable Barrier running;
  private boolean starting;
  private boolean retired;
  private String refusal = "";
  // Writes that were sent to the leader and are not answered.
  private int inFlight;
  private long waitingSinceMicros;
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
  }

  Shard shard() {
    return shard;
  }

  /** Whether a write is under way, or its reply is held. */
  boolean isBusy() {
    return inFlight > 0 || !waiting.isEmpty() || running != null;
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
    return new Expected(lane, view, callback);
  }

  /** Holds {@code reply}, which came on {@code lane}. */
  void hold(Lane lane, ClientView view, ReplyCallback callback, Reply reply) {
    hold(new Expected(lane, view, callback), reply);
  }

  private void hold(Expected expected, Reply reply) {
    if (!lanes.contains(expected.lane)) {
      lanes.add(expected.lane);
    }
    if (waiting.isEmpty()) {
      waitingSinceMicros = scheduler.micros();
    }
    expected.reply = reply.detached();
    expected.sinceMicros = waitingSinceMicros;
    waiting.add(expected);
    startSoon();
  }

  private void answered() {
    inFlight--;
    if (!waiting.isEmpty()) {
      startSoon();
    }
  }

  /** Ends everything held as unknown; a barrier that is under way proves nothing any more. */
  void revoke(String reason) {
    running = null;
    List<Expected> all = covered;
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
  }

  private void startSoon() {
    if (running == null && !starting) {
      starting = true;
      scheduler.afterThis(this::start);
    }
  }

  private void start() {
    starting = false;
    if (running != null || waiting.isEmpty() || isWorthWaiting()) {
      return;
    }
    begin();
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
    if (running == null && !waiting.isEmpty()) {
      begin();
    }
  }

  private void begin() {
    List<Expected> free = covered;
    covered = waiting;
    waiting = free;
    Barrier barrier = new Barrier(shard, Lane.BARRIER, copies, this::ended);
    running = barrier;
    begunMicros = scheduler.micros();
    counters.begun();
    barrier.send(backends, settings.waitMillis());
  }

  private void ended(Barrier barrier, Result result, String detail) {
    if (barrier != running) {
      return;
    }
    running = null;
    switch (result) {
      case HELD -> held(barrier);
      case SHORT -> {
        counters.shortOfReplicas();
        waitAgain(detail);
      }
      case UNMARKED -> unmarked();
      case FENCED -> fenced("it does not lead shard " + shard.id() + " any more: " + detail);
      case FAILED -> revoke("no barrier: " + detail);
    }
  }

  private void held(Barrier barrier) {
    if (!marker.advance(barrier.number())) {
      counters.historyLost(shard);
      revoke("its history went back");
      backends.fence(leader(), "its history went back");
      return;
    }
    String run = backends.runId(leader(), Lane.BARRIER);
    if (lanes.stream().anyMatch(lane -> !backends.runId(leader(), lane).equals(run))) {
      revoke("it was restarted");
      return;
    }
    lastTookMicros = scheduler.micros() - begunMicros;
    List<Expected> done = covered;
    covered = new ArrayList<>(done.size());
    if (waiting.isEmpty()) {
      lanes.clear();
    } else {
      startSoon();
    }
    counters.held(done.size());
    long number = barrier.number();
    for (Expected held : done) {
      held.prove(number);
    }
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
      new Barrier(shard, Lane.BARRIER, copies, this::looked).send(backends, settings.waitMillis());
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
    List<Expected> late = new ArrayList<>();
    List<Expected> kept = new ArrayList<>();
    for (Expected held : covered) {
      (held.sinceMicros <= latest ? late : kept).add(held);
    }
    kept.addAll(waiting);
    waiting = kept;
    covered = new ArrayList<>();
    if (!waiting.isEmpty()) {
      startSoon();
    }
    fail(late, detail);
  }

  private void fail(List<Expected> all, String reason) {
    counters.revoked(all.size());
    for (Expected held : all) {
      held.fail(BackendFailure.OUTCOME_UNKNOWN, leader(), reason);
    }
  }

  private NodeId leader() {
    return shard.leader().id();
  }

  /** A write that was sent to the leader, and its reply once that is there. */
  private final class Expected implements ReplyCallback {
    private final Lane lane;
    private final ClientView view;
    private final ReplyCallback callback;
    private @Nullable Reply reply;
    // When the first of those came that wait with it.
    private long sinceMicros;

    Expected(Lane lane, ClientView view, ReplyCallback callback) {
      this.lane = lane;
      this.view = view;
      this.callback = callback;
    }

    @Override
    public void onReply(Reply arrived) {
      answered();
      if (arrived.isError()) {
        view.unproved(shard);
        callback.onReply(arrived);
      } else {
        hold(this, arrived);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      answered();
      fail(failure, node, reason);
    }

    void prove(long number) {
      view.proved(shard, number);
      callback.onReply(Objects.requireNonNull(reply));
    }

    void fail(BackendFailure failure, NodeId node, String reason) {
      view.unproved(shard);
      callback.onFailure(failure, node, reason);
    }
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
