package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.replication.Barrier.Result;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;

/** Counts how many replicas hold what a leader has executed so far, until there are enough. */
final class ReplicaCount implements Barrier.Outcome {

  /**
   * What is asked.
   *
   * @param shard whose replicas are counted
   * @param wanted how many are enough
   * @param timeoutMillis how long it may take; 0 for as long as somebody wants it
   * @param waitMillis how long its leader waits for them at a time
   */
  record Question(Shard shard, int wanted, long timeoutMillis, int waitMillis) {}

  private final Backends backends;
  private final Scheduler scheduler;
  private final Marker marker;
  private final LeaderMarker known;
  private final Question question;
  private final long deadline;
  private final ReplicaListener listener;

  ReplicaCount(
      Backends backends,
      Scheduler scheduler,
      Marker marker,
      LeaderMarker known,
      Question question,
      ReplicaListener listener) {
    this.backends = backends;
    this.scheduler = scheduler;
    this.marker = marker;
    this.known = known;
    this.question = question;
    this.deadline =
        question.timeoutMillis() == 0
            ? Long.MAX_VALUE
            : scheduler.millis() + question.timeoutMillis();
    this.listener = listener;
  }

  void start() {
    OwnRequest advance = marker.advance(shard().epoch());
    new Barrier(shard(), Lane.WAIT, question.wanted() + 1, marker, advance, this)
        .send(backends, patience());
  }

  private Shard shard() {
    return question.shard();
  }

  private int patience() {
    long left = Math.max(1, deadline - scheduler.millis());
    return (int) Math.min(question.waitMillis(), left);
  }

  @Override
  public void advanced(long number) {
    listener.advanced(number);
  }

  @Override
  public void ended(Barrier barrier, Result result, String detail) {
    switch (result) {
      case HELD -> listener.counted(barrier.replicas());
      case SHORT -> tooFew(barrier);
      case UNMARKED -> unmarked(detail);
      case FENCED, FAILED -> listener.failed(detail);
    }
  }

  private void tooFew(Barrier barrier) {
    if (scheduler.millis() >= deadline || !listener.isWanted()) {
      listener.counted(barrier.replicas());
    } else {
      listener.tooFew(barrier.replicas());
      barrier.waitAgain(backends, patience());
    }
  }

  private void unmarked(String detail) {
    if (!known.begin()) {
      listener.failed(detail);
      return;
    }
    OwnRequest begin = marker.begin(shard().epoch());
    backends.send(shard().leader().id(), Lane.WAIT, begin, new Beginning());
  }

  private final class Beginning implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        listener.failed(reply.text());
      } else {
        start();
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      listener.failed(reason);
    }
  }
}
