package io.ringmaster.proxy.local;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.dispatch.Router;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Asks every leader the same question and goes on with the answers of those that give one. */
final class EachLeader implements ReplyCallback {

  private final PendingReply place;
  private final List<byte[]> answers = new ArrayList<>();
  private final Consumer<List<byte[]>> then;
  private int missing;

  private EachLeader(PendingReply place, int expected, Consumer<List<byte[]>> then) {
    this.place = place;
    this.missing = expected;
    this.then = then;
  }

  /**
   * {@code then} gets the whole frames of the answers that are no errors, on the client's event
   * loop, and settles {@code place}; if it cannot read them, they are settled as unavailable.
   */
  static void ask(
      PendingReply place, Router router, Consumer<List<byte[]>> then, String... question) {
    ClientConnection client = place.client();
    List<Shard> shards = router.topology().shards();
    EachLeader asking = new EachLeader(place, shards.size(), then);
    RequestFrame request = RequestEncoder.encode(client.allocator(), question);
    try {
      request.readOnly(true);
      for (Shard shard : shards) {
        router.send(client, request, shard, asking);
      }
    } finally {
      request.buffer().release();
    }
  }

  @Override
  public void onReply(Reply reply) {
    if (!reply.isError()) {
      answers.add(((ReplyFrame) reply).bytes());
    }
    arrived();
  }

  @Override
  public void onFailure(BackendFailure failure, NodeId node, String reason) {
    arrived();
  }

  private void arrived() {
    if (--missing > 0) {
      return;
    }
    try {
      then.accept(answers);
    } catch (Throwable nonsense) {
      place.client().frontend().loop().faults().caught("reading answers of servers", nonsense);
      place.fail("UNAVAILABLE the servers' answers make no sense");
    }
  }
}
