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

/** Counts how many replicas hold what a leader has executed so far, until there are enough. */
final class ReplicaCount {

  private final Backends backends;
  private final Scheduler scheduler;
  private final LeaderMarker marker;
  private final Shard shard;
  private final int wanted;
  private final long deadline;
  private final int waitMillis;
  private final ReplicaListener listener;

  /** {@code timeoutMillis} 0 waits without end. */
  ReplicaCount(
      Backends backends,
      Scheduler scheduler,
      LeaderMarker marker,
      Shard shard,
      int wanted,
      long timeoutMillis,
      int waitMillis,
      ReplicaListener listener) {
    this.backends = backends;
    this.scheduler = scheduler;
    this.marker = marker;
    this.shard = shard;
    this.wanted = wanted;
    this.deadline = timeoutMillis == 0 ? Long.MAX_VALUE : scheduler.millis() + timeoutMillis;
    this.waitMillis = waitMillis;
    this.listener = listener;
  }

  void start() {
    long left = Math.max(1, deadline - scheduler.millis());
    new Barrier(shard, Lane.WAIT, wanted + 1, Marker.raise(shard.epoch()), this::ended)
        .send(backends, (int) Math.min(waitMillis, left));
  }

  private void ended(Barrier barrier, Result result, String detail) {
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
      scheduler.afterThis(this::start);
    }
  }

  private void unmarked(String detail) {
    if (!marker.begin()) {
      listener.failed(detail);
      return;
    }
    backends.send(shard.leader().id(), Lane.WAIT, Marker.begin(shard.epoch()), new Beginning());
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
