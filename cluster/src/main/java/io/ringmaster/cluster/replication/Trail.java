package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proofs that cost little: the marker is raised right behind the writes, on their own connection,
 * and the replicas say by themselves that they have come there. That wakes nobody who is not awake
 * anyway, where a {@link Barrier} wakes the leader twice and each replica once.
 *
 * <p>A raise covers what its connection has answered before it, and what had been answered on any
 * other when it was sent. At most one is without an answer, so that they are executed in the order
 * of their sequences. Receipts are relied upon as long as they come: when one is late, barriers
 * take over, until one of theirs has come. Belongs to one event loop.
 */
final class Trail {

  private static final int LATE_MILLIS = 10;

  /** The same in times of a barrier, where replicas are far away. */
  private static final int PATIENCE = 2;

  private static final int LISTEN_AGAIN_MILLIS = 1000;

  /** What it proves, and whom it tells. */
  interface Held {

    /** Takes the replies that are held so far. */
    List<HeldReply> takeAll();

    /** Takes those that came on {@code lane}. */
    List<HeldReply> takeFrom(Lane lane);

    /** They are not proved yet, and were the first. */
    void putBack(List<HeldReply> replies);

    /** {@code lane} leads to the same run of the leader as all others in use. */
    boolean isOneRun(Lane lane);

    /** Enough nodes hold the marker at {@code number}, and what {@code replies} tell. */
    void proved(List<HeldReply> replies, long number);

    /** The marker was not raised. */
    void refused(String error);

    /** The leader has lost a part of its history. */
    void historyLost();

    /** It leads to another run than others. */
    void restarted();

    /** Another proof has to be found. */
    void late();
  }

  private final Held held;
  private final Backends backends;
  private final Scheduler scheduler;
  private final BarrierCounters counters;
  private final LeaderMarker marker;
  private final Shard shard;
  private final Receipts receipts;
  private final List<Lane> behind = new ArrayList<>(2);
  private final ArrayDeque<Raise> answered = new ArrayDeque<>();
  private @Nullable Raise open;
  private long sequence;
  private long reliedFrom = 1;
  private long lateMillis = LATE_MILLIS;
  private boolean planned;
  private boolean watched;
  private long listenedAtMillis;

  /** {@code replicas}: how many of them have to hold what is proved. */
  Trail(
      Held held,
      Backends backends,
      Scheduler scheduler,
      BarrierCounters counters,
      LeaderMarker marker,
      Shard shard,
      int replicas) {
    this.held = held;
    this.backends = backends;
    this.scheduler = scheduler;
    this.counters = counters;
    this.marker = marker;
    this.shard = shard;
    this.receipts = new Receipts(backends, shard, replicas, this::told);
  }

  /** Begins to listen to the replicas. */
  void start() {
    listenedAtMillis = scheduler.millis();
    receipts.listen();
  }

  void end() {
    reliedFrom = Long.MAX_VALUE;
    receipts.end();
  }

  /** Whether receipts come. */
  boolean isReliable() {
    return receipts.held() >= reliedFrom;
  }

  boolean isBusy() {
    return open != null || !answered.isEmpty();
  }

  /** Something to be proved goes out, or has come, on {@code lane}. */
  void follow(Lane lane) {
    if (!behind.contains(lane)) {
      behind.add(lane);
    }
    plan();
  }

  /** The sequence of the next raise, for a barrier. */
  long next() {
    return ++sequence;
  }

  String channel() {
    return receipts.channel();
  }

  /** A barrier of that sequence was held after {@code tookMillis}. */
  void answered(long barrier, long tookMillis) {
    lateMillis = Math.max(LATE_MILLIS, PATIENCE * tookMillis);
    receipts.answered(barrier);
    if (isReliable()) {
      plan();
    } else if (scheduler.millis() - listenedAtMillis >= LISTEN_AGAIN_MILLIS) {
      start();
    }
  }

  /** Takes all that is not proved; what is still to be answered will be followed anew. */
  List<HeldReply> clear() {
    List<HeldReply> all = new ArrayList<>();
    answered.forEach(raise -> all.addAll(raise.covered));
    answered.clear();
    Raise unanswered = open;
    if (unanswered != null) {
      all.addAll(unanswered.covered);
      open = null;
      follow(unanswered.lane);
    }
    return all;
  }

  private void plan() {
    if (!planned && open == null && !behind.isEmpty() && isReliable()) {
      planned = true;
      scheduler.afterThis(this::raise);
    }
  }

  private void raise() {
    planned = false;
    if (open != null || behind.isEmpty() || !isReliable()) {
      return;
    }
    Raise raise = new Raise(behind.removeFirst());
    open = raise;
    counters.begun();
    watch();
    backends.send(
        shard.leader().id(),
        raise.lane,
        Marker.raise(shard.epoch(), receipts.channel(), raise.sequence),
        raise);
  }

  private void answered(Raise raise, long number) {
    if (!marker.advance(raise.numberBefore, number)) {
      held.putBack(raise.covered);
      held.historyLost();
    } else if (!held.isOneRun(raise.lane)) {
      held.putBack(raise.covered);
      held.restarted();
    } else {
      raise.covered.addAll(held.takeFrom(raise.lane));
      raise.number = number;
      raise.answeredAtMillis = scheduler.millis();
      answered.add(raise);
      receipts.answered(raise.sequence);
      told();
      plan();
    }
  }

  private void told() {
    long proved = receipts.held();
    Raise first = answered.peek();
    while (first != null && first.sequence <= proved) {
      answered.remove();
      held.proved(first.covered, first.number);
      first = answered.peek();
    }
    plan();
  }

  private void watch() {
    if (!watched) {
      watched = true;
      scheduler.schedule(lateMillis, this::look);
    }
  }

  private void look() {
    watched = false;
    Raise first = answered.peek();
    if (first != null && scheduler.millis() - first.answeredAtMillis >= lateMillis) {
      giveUp();
    } else if (isBusy()) {
      watch();
    }
  }

  /** Barriers take over. */
  private void giveUp() {
    reliedFrom = sequence + 1;
    held.putBack(clear());
    held.late();
  }

  /** One raise of the marker. */
  private final class Raise implements ReplyCallback {
    private final Lane lane;
    private final long sequence = next();
    private final long numberBefore = marker.highest();
    private final List<HeldReply> covered = held.takeAll();
    private long number;
    private long answeredAtMillis;

    Raise(Lane lane) {
      this.lane = lane;
    }

    @Override
    public void onReply(Reply reply) {
      if (open != this) {
        return;
      }
      open = null;
      if (reply.isError()) {
        held.putBack(covered);
        held.refused(reply.text());
      } else {
        answered(this, Long.parseLong(reply.text()));
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      if (open == this) {
        giveUp();
      }
    }
  }
}
