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

  private final Router router;

  RandomKeyHandler(Router router) {
    this.router = router;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    PendingReply place = client.open(request.frameLength(), true);
    List<Shard> shards = router.topology().shards();
    int start = ThreadLocalRandom.current().nextInt(shards.size());
    new Search(place, client, shards, start, request.detached()).ask(0);
  }

  private final class Search implements ReplyCallback {
    private final PendingReply place;
    private final ClientConnection client;
    private final List<Shard> shards;
    private final int start;
    private final RequestFrame request;
    private int number;

    Search(
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

    void ask(int shardNumber) {
      number = shardNumber;
      router.send(client, request, shard(), this);
    }

    private Shard shard() {
      return shards.get((start + number) % shards.size());
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.type() == '_' || (reply.type() == '$' && reply.firstLine().equals("-1"))) {
        askNext();
      } else {
        place.onReply(reply);
      }
    }

    private void askNext() {
      if (number + 1 < shards.size()) {
        ask(number + 1);
      } else {
        place.settleWith(ReplyWriter::nil);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
