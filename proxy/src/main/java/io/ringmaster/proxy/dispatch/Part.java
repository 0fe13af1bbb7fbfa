package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyFrame;
import org.jspecify.annotations.Nullable;

/** What one shard answered to its part of a request. */
final class Part implements ReplyCallback {

  private final Gathering gathering;
  private final Shard shard;
  private ByteBuf reply = Unpooled.EMPTY_BUFFER;
  private @Nullable ReplyFrame kept;
  private @Nullable BackendFailure failure;
  private String trouble = "";

  Part(Gathering gathering, Shard shard) {
    this.gathering = gathering;
    this.shard = shard;
  }

  Shard shard() {
    return shard;
  }

  /** The whole reply; read from its reader index on. Empty if there was none. */
  ByteBuf reply() {
    return reply;
  }

  /** Whether the shard has executed its part. */
  boolean isDone() {
    return trouble.isEmpty();
  }

  /** Whether it is not known if the shard has executed its part. */
  boolean isUnknown() {
    return failure == BackendFailure.OUTCOME_UNKNOWN;
  }

  @Nullable BackendFailure failure() {
    return failure;
  }

  /** Code and text of an error reply, or the reason of a failure; empty if there was none. */
  String trouble() {
    return trouble;
  }

  @Override
  public void onReply(Reply answer) {
    ReplyFrame frame = (ReplyFrame) answer;
    if (frame.isError()) {
      trouble = frame.firstLine();
    } else {
      // If this throws, the failure that follows is the part's end.
      ReplyFrame whole = frame.kept();
      kept = whole;
      reply = whole.buffer().slice(whole.start(), whole.length());
    }
    gathering.arrived();
  }

  /** Nobody reads the reply any more. */
  void release() {
    reply = Unpooled.EMPTY_BUFFER;
    ReplyFrame released = kept;
    kept = null;
    if (released != null) {
      released.release();
    }
  }

  @Override
  public void onFailure(BackendFailure kind, NodeId node, String reason) {
    failure = kind;
    trouble = node + ": " + reason;
    gathering.arrived();
  }
}
