package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
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
  private final Marker marker;

  VersionHandler(Router router, Marker marker) {
    this.router = router;
    this.marker = marker;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), true);
    router.send(
        client, marker.read(), route.shard(), route.keyspace(), route.levels(), new Answer(place));
  }

  private record Answer(PendingReply place) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        place.onReply(reply);
        return;
      }
      try {
        settle(MarkerPosition.parse(reply.text()));
      } catch (NumberFormatException nonsense) {
        place.fail("UNAVAILABLE the server's answer makes no sense");
      }
    }

    private void settle(MarkerPosition marker) {
      place.settleWith(
          writer -> {
            if (marker.exists()) {
              writer.array(2).integer(marker.epoch()).integer(marker.number());
            } else {
              writer.nilArray();
            }
          });
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
