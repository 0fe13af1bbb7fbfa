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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one leader in one epoch that wait until so many nodes have what they tell. They
 * are kept in {@link UncommittedReplies}; that enough nodes have them is proved by what replicas
 * tell ({@link AckProof}) or by barriers ({@link WaitProof}). Belongs to one event loop.
 */
final class CommitGroup {

  private static final int LOOK_AGAIN_MILLIS = 1000;

  /**
   * What a group works with.
   *
   * @param settings how long it takes, and the marker
   * @param arrival when replies came
   */
  record Means(
      Backends backends,
      Scheduler scheduler,
      BarrierSettings settings,
      BarrierCounters counters,
      ArrivalTime arrival) {
    Marker marker() {
      return settings.marker();
    }
  }

  private final Means means;
  private final LeaderMarker known;
  private final Shard shard;
  private final int writeQuorum;
  private final UncommittedReplies uncommitted = new UncommittedReplies();
  private final AckProof acks;
  private final WaitProof waits;
  private boolean retired;
  private String refusal = "";
  // As many losses of its history as this group has taken into account.
  private int losses;
  // Requests that were sent to the leader and are not answered.
  private int inFlight;
  // Since when the first is held that no advance has covered.
  private long waitingSinceMicros;
  private boolean waiting;

  CommitGroup(Means means, LeaderMarker known, Shard shard, int writeQuorum) {
    this.means = means;
    this.known = known;
    this.shard = shard;
    this.writeQuorum = writeQuorum;
    this.losses = known.losses();
    Scheduler scheduler = means.scheduler();
    this.acks = new AckProof(this, means.backends(), scheduler, writeQuorum - 1);
    this.waits = new WaitProof(this, means.backends(), scheduler, means.settings().waitMillis());
  }

  /** Begins to listen to the replicas. */
  void listen() {
    acks.start();
  }

  Shard shard() {
    return shard;
  }

  /** Whether a request is under way, or its reply is not committed. */
  boolean isBusy() {
    return inFlight > 0 || !uncommitted.isEmpty() || waits.isBusy() || acks.isBusy();
  }

  /** Whether this group is the one of that shard, in its present epoch. */
  boolean serves(Shard wanted, int wantedQuorum) {
    return wantedQuorum == writeQuorum
        && wanted.epoch() == shard.epoch()
        && wanted.id().equals(shard.id());
  }

  /** Why nothing may be sent to the leader now; empty if it may. */
  String refusal() {
    return refusal;
  }

  // Replies.

  /** {@code request} is about to be sent on {@code lane}, and its reply is to be committed. */
  ReplyCallback expect(Request request, Lane lane, ClientView view, ReplyCallback callback) {
    inFlight++;
    // Nobody waits for an advance behind a request that takes long.
    if (!lane.isLent()) {
      acks.follow(lane);
    }
    return new UncommittedReply(this, lane, view, callback, !request.callsScript());
  }

  /** Holds {@code reply}, which came on {@code lane}. */
  void hold(Lane lane, ClientView view, ReplyCallback callback, Reply reply) {
    hold(new UncommittedReply(this, lane, view, callback, false), reply);
    acks.follow(passable(lane));
  }

  /** Holds {@code reply} to what {@link #expect} was told of. */
  void hold(UncommittedReply uncommittedReply, Reply reply) {
    long now = means.arrival().micros();
    if (!waiting) {
      waiting = true;
      waitingSinceMicros = now;
    }
    uncommittedReply.hold(reply, now);
    uncommitted.add(uncommittedReply);
    try {
      prove(uncommittedReply.lane());
    } catch (Throwable fault) {
      // Whoever is told of this ends it as unknown.
      uncommitted.removeLast(uncommittedReply.lane());
      throw fault;
    }
  }

  /** A reply has come on {@code lane}, and is held. */
  private void prove(Lane lane) {
    Lane passable = passable(lane);
    if (!passable.equals(lane)) {
      // An advance on any lane covers what had come when it was sent.
      acks.follow(passable);
    }
    more();
  }

  /** Returns the lane on which an advance waits for nothing large, instead of {@code lane}. */
  Lane passable(Lane lane) {
    return means.backends().passable(leader(), lane.isLent() ? lane.shared() : lane);
  }

  /** Counts what {@link #expect} was told of as not in flight any more. */
  void answered() {
    inFlight--;
    more();
  }

  private void more() {
    if (!acks.isReliable()) {
      waits.beginSoon();
    }
  }

  boolean hasUncommitted() {
    return !uncommitted.isEmpty();
  }

  /** Whether replies are held, and no replica will tell. */
  boolean needsBarrier() {
    if (acks.isReliable()) {
      uncommitted.lanes().forEach(lane -> acks.follow(passable(lane)));
      return false;
    }
    return !uncommitted.isEmpty();
  }

  /** Whether more replies are under way than are held, and these not for that long. */
  boolean expectsMore(long micros) {
    return inFlight > uncommitted.size()
        && means.scheduler().micros() - waitingSinceMicros < micros;
  }

  // Advances of the marker.

  /** One that is about to be sent on {@code lane}. */
  MarkerAdvance advance(Lane lane) {
    means.counters().begun();
    waiting = false;
    MarkerAdvance advance = uncommitted.advance(lane, known.highest());
    acks.acks().expect(advance);
    return advance;
  }

  /** Returns the request that {@code advance} is sent as. */
  Request request(MarkerAdvance advance) {
    return means.marker().advance(shard.epoch(), acks.acks().channel(), advance.sequence());
  }

  Barrier barrier(Request request, Barrier.Outcome outcome) {
    return new Barrier(shard, Lane.BARRIER, writeQuorum, means.marker(), request, outcome);
  }

  /** The highest number of the marker that is known here. */
  long highest() {
    return known.highest();
  }

  /** The lowest advance that the leader has executed, and that is not proved. */
  @Nullable MarkerAdvance lowest() {
    return uncommitted.lowest();
  }

  /**
   * The leader has executed {@code advance}; false if that is worth nothing, and nothing that was
   * held is any more.
   */
  boolean answered(MarkerAdvance advance, long number) {
    boolean isNew = known.advance(advance.numberBefore(), number);
    if (!isNew) {
      means.counters().historyLost(shard);
    }
    if (losses != known.losses()) {
      losses = known.losses();
      revoke("its history went back");
      means.backends().fence(leader(), "its history went back");
      return false;
    }
    if (!isOneRun(advance.lane())) {
      revoke("it was restarted");
      return false;
    }
    advance.answered(number, means.scheduler().millis());
    uncommitted.answered(advance);
    acks.acks().answered(advance);
    return true;
  }

  private boolean isOneRun(Lane lane) {
    String incarnation = means.backends().runId(leader(), lane);
    return uncommitted.lanes().stream()
        .allMatch(other -> means.backends().runId(leader(), other).equals(incarnation));
  }

  /** Enough nodes have the marker at {@code number}, and with it all that it covers. */
  void proved(long number) {
    MarkerAdvance lowest = uncommitted.lowest();
    while (lowest != null && lowest.number() <= number) {
      long covering = lowest.number();
      List<UncommittedReply> replies = uncommitted.take();
      means.counters().held(replies.size());
      EachOf.run(replies, reply -> reply.commit(covering));
      lowest = uncommitted.lowest();
    }
  }

  /** A barrier has passed after {@code millis}. */
  void barrierTook(long millis) {
    acks.barrierTook(millis);
  }

  /** Replicas do not tell in time. */
  void late() {
    waits.beginSoon();
  }

  /** Too few have answered in time: whoever has waited for long enough waits no more. */
  void tooFew(String detail) {
    means.counters().shortOfReplicas();
    long latest = means.scheduler().micros() - means.settings().deadlineMillis() * 1000L;
    fail(uncommitted.takeOlder(latest), detail);
  }

  /** Whether something that {@code advance} covers is still held. */
  boolean isWaitedFor(MarkerAdvance advance) {
    return uncommitted.isCovered(advance);
  }

  /** The marker was not advanced. */
  void refused(String error) {
    refused(Barrier.refusal(error), error);
  }

  void refused(Result result, String detail) {
    switch (result) {
      case UNMARKED -> unmarked();
      case FENCED -> fenced("it does not lead shard " + shard.id() + " any more: " + detail);
      default -> revoke("no barrier: " + detail);
    }
  }

  private void unmarked() {
    if (known.highest() > 0) {
      means.counters().historyLost(shard);
      revoke("it has lost the marker of shard " + shard.id());
    }
    boolean mayBegin = known.begin();
    losses = known.losses();
    if (mayBegin) {
      means
          .backends()
          .send(leader(), Lane.BARRIER, means.marker().begin(shard.epoch()), new Beginning());
    } else {
      fenced("it has lost the marker of shard " + shard.id());
    }
  }

  // The end.

  /**
   * The connection on {@code lane} is lost. What came on one that is lent says nothing of the
   * others, all of which would be lost if the leader were gone.
   */
  void lost(Lane lane, String reason) {
    if (lane.isLent()) {
      fail(uncommitted.clear(lane), reason);
    } else {
      revoke(reason);
    }
  }

  /** Ends everything held as unknown; what is under way proves nothing any more. */
  void revoke(String reason) {
    waits.forget();
    List<UncommittedReply> all = uncommitted.clear();
    acks.forget();
    fail(all, reason);
  }

  /** The shard has begun another epoch: this leader is looked after no more. */
  void retire(String reason) {
    retired = true;
    revoke(reason);
    acks.end();
  }

  /** Nothing is sent to this leader any more, but for barriers that look whether it is back. */
  private void fenced(String reason) {
    refusal = reason;
    revoke(reason);
    means.backends().fence(leader(), reason);
    means.scheduler().schedule(LOOK_AGAIN_MILLIS, this::lookAgain);
  }

  private void lookAgain() {
    if (!retired) {
      Request request = means.marker().advance(shard.epoch());
      barrier(request, this::looked).send(means.backends(), means.settings().waitMillis());
    }
  }

  private void looked(Barrier barrier, Result result, String detail) {
    if (result == Result.HELD || result == Result.SHORT) {
      refusal = "";
    } else {
      means.scheduler().schedule(LOOK_AGAIN_MILLIS, this::lookAgain);
    }
  }

  private void fail(List<UncommittedReply> all, String reason) {
    means.counters().revoked(all.size());
    EachOf.run(all, reply -> reply.fail(BackendFailure.OUTCOME_UNKNOWN, leader(), reason));
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
        tooFew("no marker in time");
        waits.beginSoon();
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      revoke("no marker: " + reason);
    }
  }
}
