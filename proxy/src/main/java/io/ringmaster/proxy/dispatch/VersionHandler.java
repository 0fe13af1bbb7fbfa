package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.Marker;
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

/**
 * {@code KV.VERSION key}: epoch and number of the position marker that the leader of the key's
 * shard has reached, or nothing if no barrier was ever made there.
 */
final class VersionHandler implements CommandHandler {

  private final Router router;

  VersionHandler(Router router) {
    this.router = router;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    Shard shard = router.shardOf(router.topology(), request, 1);
    Consistency levels = router.levels(client, command, request);
    PendingReply place = client.open(request.frameLength(), true);
    router.send(client, Marker.read(), shard, levels, new Answer(place));
  }

  private record Answer(PendingReply place) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      String text = reply.text();
      if (reply.isError()) {
        place.onReply(reply);
      } else if (text.matches("\\d{1,18} \\d{1,18}")) {
        String[] marker = text.split(" ");
        settle(Long.parseLong(marker[0]), Long.parseLong(marker[1]));
      } else {
        place.fail("UNAVAILABLE the server's answer makes no sense");
      }
    }

    private void settle(long epoch, long number) {
      place.settleWith(
          writer -> {
            if (epoch == 0) {
              writer.nilArray();
            } else {
              writer.array(2).integer(epoch).integer(number);
            }
          });
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
