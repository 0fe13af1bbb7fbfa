package io.ringmaster.cluster.spi;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;

/**
 * Takes the outcome of one request. Exactly one of the two methods is called, once, on the event
 * loop that sent it; only when {@link #onReply} throws, {@link #onFailure} follows, with an outcome
 * that is unknown. What either throws concerns no other request.
 */
public interface ReplyCallback {

  /** The server's reply, an error reply included; valid only during the call. */
  void onReply(Reply reply);

  /** No reply will come. {@code reason} is fit to be shown to the client. */
  void onFailure(BackendFailure failure, NodeId node, String reason);
}
