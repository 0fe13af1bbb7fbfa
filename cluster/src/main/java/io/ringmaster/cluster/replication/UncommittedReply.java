package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request that was sent to a leader, and its reply, which is held until it is committed. */
final class UncommittedReply implements ReplyCallback {

  private final CommitGroup group;
  private final Lane lane;
  private final ClientView view;
  private final ReplyCallback callback;
  private final boolean refusable;
  private @Nullable Reply reply;
  private boolean answered;
  private long sinceMicros;

  /** {@code refusable}: whether an error may tell that nothing was looked at. */
  UncommittedReply(
      CommitGroup group, Lane lane, ClientView view, ReplyCallback callback, boolean refusable) {
    this.group = group;
    this.lane = lane;
    this.view = view;
    this.callback = callback;
    this.refusable = refusable;
  }

  Lane lane() {
    return lane;
  }

  /** Since when it is held, or another that came shortly before. */
  long sinceMicros() {
    return sinceMicros;
  }

  void hold(Reply arrived, long nowMicros) {
    reply = arrived.kept();
    sinceMicros = nowMicros;
  }

  @Override
  public void onReply(Reply arrived) {
    answered();
    if (refusable && Refusal.is(arrived)) {
      view.unproved(group.shard());
      callback.onReply(arrived);
    } else {
      group.hold(this, arrived);
    }
  }

  @Override
  public void onFailure(BackendFailure failure, NodeId node, String reason) {
    answered();
    fail(failure, node, reason);
  }

  /** Once, also if it is a failure because the reply could not be held. */
  private void answered() {
    if (!answered) {
      answered = true;
      group.answered();
    }
  }

  /** Enough nodes have the marker at {@code number}, and with it what the reply tells. */
  void commit(long number) {
    Reply told = Objects.requireNonNull(reply);
    reply = null;
    view.proved(group.shard(), number);
    try {
      callback.onReply(told);
    } finally {
      told.release();
    }
  }

  void fail(BackendFailure failure, NodeId node, String reason) {
    Reply dropped = reply;
    reply = null;
    if (dropped != null) {
      dropped.release();
    }
    view.unproved(group.shard());
    callback.onFailure(failure, node, reason);
  }
}
