package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** RANDOMKEY: asks a random shard, and the next one as long as there is no key. */
final class RandomKeyHandler implements CommandHandler {

  // Where a shard shows a key of the cluster itself again and again, it probably has no other.
  private static final int TRIES = 8;

  private final Router router;

  RandomKeyHandler(Router router) {
    this.router = router;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    PendingReply place = client.open(request.frameLength(), true);
    List<Shard> shards = router.topology().shards();
    int start = ThreadLocalRandom.current().nextInt(shards.size());
    new Asking(place, client, shards, start, request.detached()).ask(0);
  }

  private final class Asking implements ReplyCallback {
    private final PendingReply place;
    private final ClientConnection client;
    private final List<Shard> shards;
    private final int start;
    private final RequestFrame request;
    private int asked;
    private int hidden;

    Asking(
        PendingReply place,
        ClientConnection client,
        List<Shard> shards,
        int start,
        RequestFrame request) {
      this.place = place;
      this.client = client;
      this.shards = shards;
      this.start = start;
      this.request = request;
    }

    void ask(int number) {
      asked = number + 1;
      router.send(client, request, shards.get((start + number) % shards.size()), this);
    }

    @Override
    public void onReply(Reply reply) {
      boolean isNil = reply.type() == '_' || reply.firstLine().equals("-1");
      boolean isReserved = VisibleKeys.isReserved(reply);
      if (isReserved && hidden++ < TRIES) {
        ask(asked - 1);
      } else if ((isNil || isReserved) && asked < shards.size()) {
        hidden = 0;
        ask(asked);
      } else if (isReserved) {
        place.settleWith(ReplyWriter::nil);
      } else {
        place.onReply(reply);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
