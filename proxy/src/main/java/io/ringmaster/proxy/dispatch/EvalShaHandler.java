package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * EVALSHA and EVALSHA_RO on the shard of their keys. A script that is known here is loaded into a
 * shard before it is first called there by its digest, on the same connection, so that later
 * requests of the client stay behind it. A server that has forgotten it since answers NOSCRIPT and
 * has executed nothing: the script is loaded and called again, unless later requests of the client
 * are on their way, which must not overtake it.
 */
final class EvalShaHandler implements CommandHandler {

  private static final int LOADED_SCRIPTS = 10_000;

  private final Router router;
  private final ScriptCache scripts;
  private final Set<Loaded> loaded = new HashSet<>();
  private long loadedGeneration;

  private record Loaded(String shard, String digest) {}

  EvalShaHandler(Router router, ScriptCache scripts) {
    this.router = router;
    this.scripts = scripts;
  }

  @Override
  public void handle(ClientConnection client, CommandSpec command, RequestFrame request) {
    Shard shard = router.shardOf(router.topology(), command, request);
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (shard == null) {
      place.fail(SingleShardHandler.CROSSSLOT);
    } else {
      call(client, request, shard, router.levels(client, command, request), place);
    }
  }

  private void call(
      ClientConnection client,
      RequestFrame request,
      Shard shard,
      Consistency levels,
      PendingReply place) {
    byte[] body = scripts.find(request.bytes(1));
    if (body == null) {
      router.send(client, request, shard, levels, place);
      return;
    }
    String digest =
        new String(request.bytes(1), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    Loaded script = new Loaded(shard.id(), digest);
    if (isNew(script)) {
      load(client, body, shard);
    }
    Healing healing = new Healing(place, shard, levels, request.detached(), script, body);
    router.send(client, request, shard, levels, healing);
  }

  private boolean isNew(Loaded script) {
    if (loadedGeneration != scripts.generation() || loaded.size() >= LOADED_SCRIPTS) {
      loadedGeneration = scripts.generation();
      loaded.clear();
    }
    return loaded.add(script);
  }

  private void load(ClientConnection client, byte[] body, Shard shard) {
    RequestFrame load =
        new RequestEncoder(client.allocator(), 3)
            .add("SCRIPT".getBytes(StandardCharsets.US_ASCII))
            .add("LOAD".getBytes(StandardCharsets.US_ASCII))
            .add(body)
            .finish();
    router.send(client, load, shard, Ignored.REPLY);
    load.buffer().release();
  }

  private final class Healing implements ReplyCallback {
    private final PendingReply place;
    private final Shard shard;
    private final Consistency levels;
    private final RequestFrame request;
    private final Loaded script;
    private final byte[] body;

    Healing(
        PendingReply place,
        Shard shard,
        Consistency levels,
        RequestFrame request,
        Loaded script,
        byte[] body) {
      this.place = place;
      this.shard = shard;
      this.levels = levels;
      this.request = request;
      this.script = script;
      this.body = body;
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.type() != '-' || !reply.firstLine().startsWith("NOSCRIPT")) {
        place.onReply(reply);
        return;
      }
      loaded.remove(script);
      if (place.isLast()) {
        load(place.client(), body, shard);
        router.send(place.client(), request, shard, levels, place);
      } else {
        place.onReply(reply);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      loaded.remove(script);
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
