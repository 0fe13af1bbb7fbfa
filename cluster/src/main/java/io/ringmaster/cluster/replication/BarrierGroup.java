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
import org.jspecify.annotations.Nullable;

/**
 * The replies of one leader that may be passed on once enough nodes hold what they tell. One
 * barrier covers all replies that had come before it was sent; those that come meanwhile wait for
 * the next one. Belongs to one event loop.
 */
final class BarrierGroup {

  private static final int LOOK_AGAIN_MILLIS = 1000;

  private final Backends backends;
  private final Scheduler scheduler;
  private final BarrierSettings settings;
  private final BarrierCounters counters;
  private final LeaderMarker marker;
  private final Shard shard;
  private final int copies;
  private final List<Lane> lanes = new ArrayList<>(2);
  private List<Held> waiting = new ArrayList<>();
  private List<Held> covered = new ArrayList<>();
  private @Nullable Barrier running;
  private boolean starting;
  private boolean retired;
  private String refusal = "";

  private record Held(ClientView view, ReplyCallback callback, Reply reply, long deadline) {}

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

  /** Holds {@code reply}, which came on {@code lane}. */
  void hold(Lane lane, ClientView view, ReplyCallback callback, Reply reply) {
    if (!lanes.contains(lane)) {
      lanes.add(lane);
    }
    long deadline = scheduler.millis() + settings.deadlineMillis();
    waiting.add(new Held(view, callback, reply.detached(), deadline));
    startSoon();
  }

  /** Ends everything held as unknown; a barrier that is under way proves nothing any more. */
  void revoke(String reason) {
    running = null;
    List<Held> all = covered;
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
    if (running != null || waiting.isEmpty()) {
      return;
    }
    List<Held> free = covered;
    covered = waiting;
    waiting = free;
    Barrier barrier = new Barrier(shard, Lane.BARRIER, copies, this::ended);
    running = barrier;
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
    List<Held> done = covered;
    covered = new ArrayList<>(done.size());
    if (waiting.isEmpty()) {
      lanes.clear();
    } else {
      startSoon();
    }
    counters.held(done.size());
    for (Held held : done) {
      held.view().proved(shard, barrier.number());
      held.callback().onReply(held.reply());
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
    long now = scheduler.millis();
    List<Held> late = new ArrayList<>();
    List<Held> kept = new ArrayList<>();
    for (Held held : covered) {
      (held.deadline() <= now ? late : kept).add(held);
    }
    kept.addAll(waiting);
    waiting = kept;
    covered = new ArrayList<>();
    if (!waiting.isEmpty()) {
      startSoon();
    }
    fail(late, detail);
  }

  private void fail(List<Held> all, String reason) {
    counters.revoked(all.size());
    for (Held held : all) {
      held.view().unproved(shard);
      held.callback().onFailure(BackendFailure.OUTCOME_UNKNOWN, leader(), reason);
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
