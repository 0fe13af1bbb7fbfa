package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.RequestForm;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;

/**
 * EVAL and EVAL_RO on the shard of their keys. Their scripts are known here from then on, whatever
 * becomes of the call, unless no server can compile them.
 */
final class EvalHandler implements CommandHandler {

  private final Router router;
  private final ScriptCache scripts;

  EvalHandler(Router router, ScriptCache scripts) {
    this.router = router;
    this.scripts = scripts;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (!route.isOnOneShard()) {
      place.fail(SingleShardHandler.CROSSSLOT);
      return;
    }
    byte[] body = request.bytes(1);
    boolean isNew = RequestForm.tellsNumberOfKeys(request) && scripts.evaluated(body);
    ReplyCallback told = isNew ? new First(place, body) : place;
    router.send(client, request, route.shard(), route.keyspace(), route.levels(), told);
  }

  /** The first call of a script, which tells whether it is one. */
  private final class First implements ReplyCallback {
    private final PendingReply place;
    private final byte[] body;

    First(PendingReply place, byte[] body) {
      this.place = place;
      this.body = body;
    }

    @Override
    public void onReply(Reply reply) {
      scripts.answered(body, reply);
      place.onReply(reply);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
