package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;

/**
 * EVAL and EVALSHA on the shard of their keys. A shard that answers NOSCRIPT has executed nothing;
 * if the script is known here, it is loaded there and the request sent again.
 */
final class ScriptHandler implements CommandHandler {

  private final Router router;
  private final ScriptCache scripts;
  private final boolean byDigest;

  ScriptHandler(Router router, ScriptCache scripts, boolean byDigest) {
    this.router = router;
    this.scripts = scripts;
    this.byDigest = byDigest;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    Shard shard = router.shardOf(router.topology(), command, request);
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (shard == null) {
      place.fail(SingleShardHandler.CROSSSLOT);
    } else if (byDigest) {
      byte[] body = scripts.find(request.bytes(1));
      ReplyCallback callback =
          body == null ? place : new Healing(place, shard, request.detached(), body);
      router.send(client, request, shard, callback);
    } else {
      scripts.add(request.bytes(1));
      router.send(client, request, shard, place);
    }
  }

  private final class Healing implements ReplyCallback {
    private final PendingReply place;
    private final Shard shard;
    private final RequestFrame request;
    private final byte[] body;

    Healing(PendingReply place, Shard shard, RequestFrame request, byte[] body) {
      this.place = place;
      this.shard = shard;
      this.request = request;
      this.body = body;
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.type() != '-' || !reply.firstLine().startsWith("NOSCRIPT")) {
        place.onReply(reply);
        return;
      }
      ClientConnection client = place.client();
      RequestFrame load =
          new RequestEncoder(client.allocator(), 3)
              .add("SCRIPT".getBytes(StandardCharsets.US_ASCII))
              .add("LOAD".getBytes(StandardCharsets.US_ASCII))
              .add(body)
              .finish();
      router.send(client, load, shard, Ignored.REPLY);
      load.buffer().release();
      router.send(client, request, shard, place);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }

  /** The request behind it on the same connection tells whether the script was loaded. */
  private enum Ignored implements ReplyCallback {
    REPLY;

    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }
}
