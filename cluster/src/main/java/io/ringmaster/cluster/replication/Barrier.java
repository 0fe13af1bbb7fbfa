package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One attempt to prove that everything a leader had executed when the attempt began is held by
 * enough nodes. On a connection of its own it raises the marker of the leader's epoch, waits for
 * the replicas, and reads the epoch again: the replication stream has one order, so who holds the
 * marker holds all before it.
 *
 * <p>The epoch is read again because a leader that was demoted and promoted meanwhile says yes to
 * the wait of an old connection although it has lost the write. From three copies on, the replicas
 * are counted by their addresses too: one that has reconnected may be counted twice by the wait.
 */
final class Barrier {

  /** How an attempt ended. */
  enum Result {
    /** Enough nodes hold everything from before. */
    HELD,
    /** Not yet. */
    SHORT,
    /** There is no marker. */
    UNMARKED,
    /** This is not the leader of the epoch any more. */
    FENCED,
    /** It is not known. */
    FAILED
  }

  /** Takes the outcome: what it is, and for people why. */
  @FunctionalInterface
  interface Outcome {
    void ended(Barrier barrier, Result result, String detail);
  }

  private static final int COUNTED_FROM = 3;

  private final Shard shard;
  private final Lane lane;
  private final int copies;
  private final Request raise;
  private final Outcome outcome;
  private final List<Reply> replies = new ArrayList<>(5);
  private int missing;
  private boolean ended;

  /**
   * {@code lane} is one that carries nothing else while this attempt runs, {@code raise} what
   * raises the marker.
   */
  Barrier(Shard shard, Lane lane, int copies, Request raise, Outcome outcome) {
    this.shard = shard;
    this.lane = lane;
    this.copies = copies;
    this.raise = raise;
    this.outcome = outcome;
  }

  void send(Backends backends, int waitMillis) {
    List<Request> requests = new ArrayList<>(5);
    requests.add(raise);
    if (isCounted()) {
      requests.add(OwnRequest.reading("INFO", "replication"));
    }
    requests.add(OwnRequest.reading("WAIT", "" + (copies - 1), "" + waitMillis));
    requests.add(Marker.epoch());
    if (isCounted()) {
      requests.add(OwnRequest.reading("INFO", "replication"));
    }
    missing = requests.size();
    for (Request request : requests) {
      backends.send(shard.leader().id(), lane, request, new Collecting(this::arrived));
    }
  }

  /** The value to which the marker was raised, once the barrier is held. */
  long number() {
    return Long.parseLong(replies.getFirst().text());
  }

  /** How many replicas hold everything from before, once all replies are there. */
  int replicas() {
    return (int) acknowledged(replies.get(isCounted() ? 2 : 1));
  }

  private boolean isCounted() {
    return copies >= COUNTED_FROM;
  }

  private void arrived(Reply reply) {
    replies.add(reply);
    if (--missing == 0) {
      evaluate();
    }
  }

  private void evaluate() {
    Reply raised = replies.getFirst();
    Reply waited = replies.get(isCounted() ? 2 : 1);
    Reply epochNow = replies.get(isCounted() ? 3 : 2);
    if (raised.isError()) {
      end(refusal(raised.text()), raised.text());
    } else if (waited.isError() || epochNow.isError()) {
      end(Result.FAILED, (waited.isError() ? waited : epochNow).text());
    } else if (!epochNow.text().equals("" + shard.epoch())) {
      end(Result.FENCED, "epoch " + epochNow.text());
    } else if (acknowledged(waited) < copies - 1) {
      end(Result.SHORT, acknowledged(waited) + 1 + " of " + copies + " nodes hold it");
    } else {
      end(Result.HELD, "");
    }
  }

  /** What it means that the marker was not raised. */
  static Result refusal(String error) {
    if (!error.startsWith("FENCED")) {
      return Result.FAILED;
    }
    return error.endsWith(" false") ? Result.UNMARKED : Result.FENCED;
  }

  private long acknowledged(Reply waited) {
    long said = Long.parseLong(waited.text());
    if (!isCounted()) {
      return said;
    }
    // Nothing came between the script and this line: they were sent together.
    long offset = ReplicationInfo.parse(replies.get(1).text()).offset();
    return Math.min(said, ReplicationInfo.parse(replies.get(4).text()).replicasAt(offset));
  }

  private void end(Result result, String detail) {
    if (!ended) {
      ended = true;
      outcome.ended(this, result, detail);
    }
  }

  /** Takes one of the replies; the first failure ends the attempt. */
  private final class Collecting implements ReplyCallback {
    private final Consumer<Reply> next;

    Collecting(Consumer<Reply> next) {
      this.next = next;
    }

    @Override
    public void onReply(Reply reply) {
      next.accept(reply.detached());
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      end(Result.FAILED, reason);
    }
  }
}
