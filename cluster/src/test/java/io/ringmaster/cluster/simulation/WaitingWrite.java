package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import java.util.function.Consumer;

/**
 * A write that only the leader acknowledges, and a client that then asks with {@code WAIT} whether
 * enough replicas have it. Takes for done what these two have told.
 */
final class WaitingWrite implements ReplyCallback, ReplicaListener {

  private final SimulatedProcess process;
  private final Shard shard;
  private final int wanted;
  private final ReplyCallback outcome;
  private final Consumer<ReplicaListener> wait;
  private Reply told = SimulatedReply.NIL;

  /** {@code wait} asks for the replicas. */
  WaitingWrite(
      SimulatedProcess process,
      Shard shard,
      int wanted,
      ReplyCallback outcome,
      Consumer<ReplicaListener> wait) {
    this.process = process;
    this.shard = shard;
    this.wanted = wanted;
    this.outcome = outcome;
    this.wait = wait;
  }

  @Override
  public void onReply(Reply reply) {
    if (reply.isError()) {
      outcome.onReply(reply);
    } else {
      told = reply.detached();
      process.after(process.world().between(200, 20_000), () -> wait.accept(this));
    }
  }

  @Override
  public void onFailure(BackendFailure failure, NodeId node, String reason) {
    outcome.onFailure(failure, node, reason);
  }

  @Override
  public void counted(int replicas) {
    if (replicas >= wanted) {
      outcome.onReply(told);
    } else {
      failed("too few replicas have it");
    }
  }

  @Override
  public void failed(String reason) {
    outcome.onFailure(BackendFailure.OUTCOME_UNKNOWN, shard.leader().id(), reason);
  }

  @Override
  public boolean isWanted() {
    return true;
  }
}
