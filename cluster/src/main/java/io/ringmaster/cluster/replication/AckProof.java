package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proof that costs little: the marker is advanced right behind the writes, on their own
 * connection, and the replicas say by themselves that they have come there. That wakes nobody who
 * is not awake anyway, where a {@link Barrier} wakes the leader twice and each replica once.
 *
 * <p>At most one advance is without an answer. Replicas are relied upon as long as they tell: when
 * they are late, {@link WaitProof} takes over, until they have told of something newer. What they
 * tell late counts all the same. Belongs to one event loop.
 */
final class AckProof {

  private static final int LATE_MILLIS = 10;

  /** The same in times of a barrier, where replicas are far away. */
  private static final int PATIENCE = 2;

  private static final int LISTEN_AGAIN_MILLIS = 1000;

  private final CommitGroup group;
  private final Backends backends;
  private final Scheduler scheduler;
  private final ReplicaAcks acks;
  private final List<Lane> behind = new ArrayList<>(2);
  private @Nullable Advance open;
  private long reliedFrom = 1;
  private long lateMillis = LATE_MILLIS;
  private boolean planned;
  private boolean watched;
  private long listenedAtMillis;

  /** {@code replicas}: how many of them have to have what is proved. */
  AckProof(CommitGroup group, Backends backends, Scheduler scheduler, int replicas) {
    this.group = group;
    this.backends = backends;
    this.scheduler = scheduler;
    this.acks = new ReplicaAcks(backends, group.shard(), replicas, this::proved);
  }

  /** Begins to listen to the replicas. */
  void start() {
    listenedAtMillis = scheduler.millis();
    acks.listen();
  }

  void end() {
    reliedFrom = Long.MAX_VALUE;
    acks.end();
  }

  /** The acknowledgements that an advance asks for. */
  ReplicaAcks acks() {
    return acks;
  }

  /** Whether replicas tell. */
  boolean isReliable() {
    return acks.proved() >= reliedFrom;
  }

  boolean isBusy() {
    return open != null;
  }

  /** Something to be proved goes out, or has come, on {@code lane}. */
  void follow(Lane lane) {
    if (!behind.contains(lane)) {
      behind.add(lane);
    }
    plan();
  }

  /** A barrier has passed after {@code tookMillis}. */
  void barrierTook(long tookMillis) {
    lateMillis = Math.max(LATE_MILLIS, PATIENCE * tookMillis);
    if (!isReliable() && scheduler.millis() - listenedAtMillis >= LISTEN_AGAIN_MILLIS) {
      start();
    }
  }

  /** What was told, or is on its way, proves nothing any more: the next proof is a barrier. */
  void forget() {
    acks.forget();
    reliedFrom = 1;
    abandon();
    plan();
  }

  /** What is still to be answered in front of the open one will be followed anew. */
  private void abandon() {
    Advance unanswered = open;
    open = null;
    if (unanswered != null && !behind.contains(unanswered.advance.lane())) {
      behind.add(unanswered.advance.lane());
    }
  }

  private void plan() {
    if (!planned && open == null && !behind.isEmpty() && isReliable()) {
      scheduler.afterThis(this::advance);
      planned = true;
    }
  }

  private void advance() {
    planned = false;
    if (open != null || behind.isEmpty() || !isReliable()) {
      return;
    }
    watch();
    Lane lane = group.passable(behind.removeFirst());
    Advance fresh = new Advance(group.advance(lane));
    open = fresh;
    backends.send(group.shard().leader().id(), lane, group.request(fresh.advance), fresh);
  }

  private void proved(long number) {
    group.proved(number);
    plan();
  }

  private void watch() {
    if (!watched) {
      scheduler.schedule(lateMillis, this::look);
      watched = true;
    }
  }

  private void look() {
    watched = false;
    if (!isReliable()) {
      return;
    }
    MarkerAdvance missing = group.lowest();
    Advance unanswered = open;
    long latest = scheduler.millis() - lateMillis;
    if ((missing != null && missing.answeredAtMillis() <= latest)
        || (unanswered != null && unanswered.sentAtMillis <= latest)) {
      giveUp();
    } else if (missing != null || unanswered != null) {
      watch();
    }
  }

  /** Barriers take over. What was answered may still be told of. */
  private void giveUp() {
    reliedFrom = group.highest() + 1;
    abandon();
    group.late();
  }

  /** One advance of the marker. */
  private final class Advance implements ReplyCallback {
    private final MarkerAdvance advance;
    private final long sentAtMillis = scheduler.millis();

    Advance(MarkerAdvance advance) {
      this.advance = advance;
    }

    @Override
    public void onReply(Reply reply) {
      if (open != this) {
        return;
      }
      open = null;
      if (reply.isError()) {
        group.refused(reply.text());
      } else if (group.answered(advance, Long.parseLong(reply.text()))) {
        plan();
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
