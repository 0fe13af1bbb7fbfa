package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.dispatch.Gathering.Merger;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands over many keys that can be executed key by key: MGET, MSET, DEL, UNLINK, EXISTS, TOUCH.
 * Each shard gets one request with its keys; the replies become one.
 */
final class SplitHandler implements CommandHandler {

  private final Router router;
  private final Mergers mergers;

  SplitHandler(Router router, Mergers mergers) {
    this.router = router;
    this.mergers = mergers;
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    if ((request.count() - 1) % command.keyStep() != 0) {
      client.open(request.frameLength(), true).fail(Errors.wrongArguments(command));
      return;
    }
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (route.isOnOneShard()) {
      router.send(client, request, route.shard(), route.keyspace(), route.levels(), place);
      return;
    }
    List<Shard> shards = route.topology().shards();
    int[] shardOfKey = route.shardIndexes();
    int[] keysOfShard = new int[shards.size()];
    int used = 0;
    for (int shard : shardOfKey) {
      if (keysOfShard[shard]++ == 0) {
        used++;
      }
    }
    Part[] parts = new Part[shards.size()];
    Merger merger =
        mergers.keepsOrder(command) ? mergers.inOrder(shardOfKey, parts) : mergers.of(command);
    Gathering gathering = new Gathering(place, command.name(), request.isReadOnly(), used, merger);
    for (int i = 0; i < parts.length; i++) {
      if (keysOfShard[i] > 0) {
        parts[i] = gathering.part(shards.get(i));
      }
    }
    send(client, request, route, command.keyStep(), shardOfKey, keysOfShard, parts);
  }

  private void send(
      ClientConnection client,
      RequestFrame request,
      Route route,
      int step,
      int[] shardOfKey,
      int[] keysOfShard,
      Part[] parts) {
    // All before any is sent: what cannot be encoded is not executed anywhere.
    RequestEncoder[] encoders = encode(client, request, step, shardOfKey, keysOfShard);
    for (int i = 0; i < parts.length; i++) {
      if (keysOfShard[i] > 0) {
        RequestFrame part = encoders[i].finish();
        part.readOnly(request.isReadOnly());
        router.send(client, part, parts[i].shard(), route.keyspace(), route.levels(), parts[i]);
        part.buffer().release();
      }
    }
  }

  private static RequestEncoder[] encode(
      ClientConnection client,
      RequestFrame request,
      int step,
      int[] shardOfKey,
      int[] keysOfShard) {
    @Nullable RequestEncoder[] encoders = new RequestEncoder[keysOfShard.length];
    try {
      for (int i = 0; i < shardOfKey.length; i++) {
        int shard = shardOfKey[i];
        RequestEncoder encoder = encoders[shard];
        if (encoder == null) {
          encoder = new RequestEncoder(client.allocator(), 1 + keysOfShard[shard] * step);
          encoders[shard] = encoder.add(request, 0);
        }
        for (int j = 0; j < step; j++) {
          encoder.add(request, 1 + i * step + j);
        }
      }
      return encoders;
    } catch (Throwable fault) {
      for (RequestEncoder encoder : encoders) {
        if (encoder != null) {
          encoder.drop();
        }
      }
      throw fault;
    }
  }
}
