package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to prove that enough nodes have everything that a leader had executed when it began.
 * On a connection of its own it advances the marker of the leader's epoch, waits for the replicas,
 * and reads the epoch again: the replication stream has one order, so who has the marker has all
 * before it. Where too few replicas answer in time, it can wait for the same marker again: a new
 * one would be further away from those that are slow all the time.
 *
 * <p>The epoch is read again because a leader that was demoted and promoted meanwhile says yes to
 * the wait of an old connection although it has lost the write. From three copies on, the replicas
 * are counted by their addresses too: one that has reconnected may be counted twice by the wait. So
 * they are where it waits again: before Redis 7.2 a wait is for the place that the stream had
 * behind the last command of its connection, of whatever kind, and not for the marker.
 */
final class Barrier {

  /** The end of a wait. */
  enum Result {
    /** Enough nodes have everything from before. */
    HELD,
    /** Not yet. */
    SHORT,
    /** There is no marker. */
    UNMARKED,
    /** This is not the leader of the epoch any more. */
    FENCED,
    /** Nobody knows. */
    FAILED
  }

  /** Hears what comes of it. */
  interface Outcome {
    /** The leader has executed the advance, by which its marker came to {@code number}. */
    default void advanced(long number) {}

    /** A wait has ended like that, and for people why. */
    void ended(Barrier barrier, Result result, String detail);
  }

  private static final int COUNTED_FROM = 3;
  private static final Request INFO = OwnRequest.reading("INFO", "replication");

  private final Shard shard;
  private final Lane lane;
  private final int writeQuorum;
  private final Marker marker;
  private final Request advance;
  private final Outcome outcome;
  private long number;
  // Where in its stream the leader was behind the marker, or later; 0 if nobody has asked.
  private long offset;
  private int replicas;

  /**
   * {@code lane} is one that carries nothing else while this attempt runs, {@code advance} what
   * advances the marker.
   */
  Barrier(
      Shard shard, Lane lane, int writeQuorum, Marker marker, Request advance, Outcome outcome) {
    this.shard = shard;
    this.lane = lane;
    this.writeQuorum = writeQuorum;
    this.marker = marker;
    this.advance = advance;
    this.outcome = outcome;
  }

  void send(Backends backends, int waitMillis) {
    new Wait(true).send(backends, waitMillis);
  }

  /**
   * Waits again for the same marker, as soon as {@link Result#SHORT} is told and not later: only
   * the connection that has advanced the marker can tell who has it, and there may be another one
   * by then.
   */
  void waitAgain(Backends backends, int waitMillis) {
    new Wait(false).send(backends, waitMillis);
  }

  /** The value to which the marker was advanced, once it is. */
  long number() {
    return number;
  }

  /** Returns how many replicas have everything from before, at the end of a wait. */
  int replicas() {
    return replicas;
  }

  /** Returns what it means that the marker was not advanced. */
  static Result refusal(String error) {
    if (!error.startsWith("FENCED")) {
      return Result.FAILED;
    }
    return error.endsWith(" false") ? Result.UNMARKED : Result.FENCED;
  }

  /** The requests of one wait and their answers; the first failure ends it. */
  private final class Wait {
    private final boolean advances;
    private final List<Consumer<Reply>> steps = new ArrayList<>(5);
    private final List<Request> requests = new ArrayList<>(5);
    private @Nullable Reply error;
    private int missing;
    private boolean ended;
    private long said;
    private String epochNow = "";

    Wait(boolean advances) {
      this.advances = advances;
    }

    void send(Backends backends, int waitMillis) {
      if (advances) {
        add(advance, this::advanced);
      }
      if (offset == 0 && isCounted()) {
        // Nothing comes between the script and this: they are sent together.
        add(INFO, reply -> offset = ReplicationInfo.parse(reply.text()).offset());
      }
      add(
          OwnRequest.reading("WAIT", "" + (writeQuorum - 1), "" + waitMillis),
          reply -> said = Long.parseLong(reply.text()));
      if (isCounted()) {
        add(INFO, reply -> said = counted(ReplicationInfo.parse(reply.text())));
      }
      add(marker.read(), reply -> epochNow = "" + MarkerPosition.parse(reply.text()).epoch());
      missing = requests.size();
      for (int i = 0; i < steps.size(); i++) {
        backends.send(shard.leader().id(), lane, requests.get(i), new Collecting(steps.get(i)));
      }
    }

    private boolean isCounted() {
      return writeQuorum >= COUNTED_FROM || !advances;
    }

    /** A wait that is repeated is for what the leader has by then: who lags never has that. */
    private long counted(ReplicationInfo info) {
      long there = info.replicasAt(offset);
      return advances ? Math.min(said, there) : there;
    }

    private void add(Request request, Consumer<Reply> step) {
      requests.add(request);
      steps.add(step);
    }

    private void advanced(Reply reply) {
      number = Long.parseLong(reply.text());
      outcome.advanced(number);
    }

    private void arrived(Reply reply, Consumer<Reply> step) {
      if (reply.isError()) {
        error = error == null ? reply.detached() : error;
      } else if (error == null) {
        step.accept(reply);
      }
      if (--missing == 0) {
        evaluate();
      }
    }

    private void evaluate() {
      Reply refused = error;
      replicas = (int) said;
      if (refused != null) {
        end(number == 0 ? refusal(refused.text()) : Result.FAILED, refused.text());
      } else if (!epochNow.equals("" + shard.epoch())) {
        end(Result.FENCED, "epoch " + epochNow);
      } else if (said < writeQuorum - 1) {
        end(Result.SHORT, said + 1 + " of " + writeQuorum + " nodes hold it");
      } else {
        end(Result.HELD, "");
      }
    }

    private void end(Result result, String detail) {
      if (!ended) {
        ended = true;
        outcome.ended(Barrier.this, result, detail);
      }
    }

    /** Takes one of the replies. */
    private final class Collecting implements ReplyCallback {
      private final Consumer<Reply> step;

      Collecting(Consumer<Reply> step) {
        this.step = step;
      }

      @Override
      public void onReply(Reply reply) {
        arrived(reply, step);
      }

      @Override
      public void onFailure(BackendFailure failure, NodeId node, String reason) {
        end(Result.FAILED, reason);
      }
    }
  }
}
