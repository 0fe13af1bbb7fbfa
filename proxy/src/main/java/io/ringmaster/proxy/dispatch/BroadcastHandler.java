package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.RequestPolicy;
import io.ringmaster.proxy.dispatch.Gathering.Merger;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.util.List;

/**
 * Commands that every shard executes: DBSIZE, FLUSHALL, KEYS, SCRIPT LOAD … What concerns all nodes
 * is sent to replicas too, as one of them may lead next; only the leaders are waited for.
 */
final class BroadcastHandler implements CommandHandler {

  private final Router router;
  private final Mergers mergers;
  private final Flushes flushes;

  BroadcastHandler(Router router, Mergers mergers, Flushes flushes) {
    this.router = router;
    this.mergers = mergers;
    this.flushes = flushes;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    gather(client, command, request, merger(command), () -> {});
  }

  Merger merger(CommandSpec command) {
    return mergers.of(command);
  }

  /**
   * Sends to all shards and lets {@code merger} make the reply.
   *
   * @param ended runs once all shards have answered or failed, before the client is answered
   */
  void gather(
      ClientConnection client,
      CommandSpec command,
      RequestFrame request,
      Merger merger,
      Runnable ended) {
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    List<Shard> shards = router.topology().shards();
    Gathering gathering =
        new Gathering(place, command.name(), request.isReadOnly(), shards.size(), merger);
    gathering.onEnd(ended);
    List<Part> parts = shards.stream().map(gathering::part).toList();
    Request sent = flushes.request(client, command, request);
    for (Part part : parts) {
      router.send(client, sent, part.shard(), part);
    }
    if (command.requestPolicy() == RequestPolicy.ALL_NODES) {
      for (Shard shard : shards) {
        shard.replicas().forEach(replica -> router.tell(client, sent, replica.id()));
      }
    }
  }
}
