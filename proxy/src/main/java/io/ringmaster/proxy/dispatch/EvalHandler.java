package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.util.regex.Pattern;

/** EVAL and EVAL_RO on the shard of their keys. Their scripts are known here from then on. */
final class EvalHandler implements CommandHandler {

  private static final Pattern NOT_TRIED =
      Pattern.compile("ERR (Error compiling|value is not an integer|Number of keys)");

  private final Router router;
  private final ScriptCache scripts;

  EvalHandler(Router router, ScriptCache scripts) {
    this.router = router;
    this.scripts = scripts;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    Shard shard = router.shardOf(router.topology(), command, request);
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (shard == null) {
      place.fail(SingleShardHandler.CROSSSLOT);
      return;
    }
    byte[] body = request.bytes(1);
    boolean isNew = scripts.add(body);
    Consistency levels = router.levels(client, command, request);
    router.send(client, request, shard, levels, isNew ? new Trying(place, body) : place);
  }

  /** A script is kept only if a server did, which it does if it can compile it. */
  private final class Trying implements ReplyCallback {
    private final PendingReply place;
    private final byte[] body;

    Trying(PendingReply place, byte[] body) {
      this.place = place;
      this.body = body;
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.type() == '-' && NOT_TRIED.matcher(reply.firstLine()).lookingAt()) {
        scripts.remove(body);
      }
      place.onReply(reply);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      scripts.remove(body);
      place.onFailure(failure, node, reason);
    }
  }
}
