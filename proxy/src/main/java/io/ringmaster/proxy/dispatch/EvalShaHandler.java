package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * EVALSHA and EVALSHA_RO on the shard of their keys. A script that is known here is loaded through
 * each connection before it is first called there by its digest, so that later requests of the
 * client stay behind it. A connection that is lost takes that with it: the next one may lead to
 * another leader, or another run of the server, which knows nothing. So a leader does not know a
 * script only if it has lost it while it ran, as by a SCRIPT FLUSH past this proxy.
 *
 * <p>The answer to that is the client's, whose library calls EVAL. A script may answer the very
 * words of the server after it has written, and whether the server knows it now does not tell
 * whether it did then: so nothing proves that a call was not executed, and one that may write is
 * never made twice. One that only reads is, unless later requests of the client are on their way,
 * which must not overtake it.
 */
final class EvalShaHandler implements CommandHandler {

  private static final int MOST_LOADS = 10_000;

  /**
   * Redis from 7.4 on drops a script that it first saw by EVAL once 500 others have come that way
   * since it was last called. Half of that, as some may be on their way.
   */
  private static final int EVALUATIONS = 250;

  private final Router router;
  private final ScriptCache scripts;
  private final Map<Through, Load> loads = new HashMap<>();
  // How many flushes had begun or ended when they were sent.
  private long flushes;

  /** A script, and the connection that it is loaded through. */
  private record Through(NodeId node, Lane lane, String digest) {}

  EvalShaHandler(Router router, ScriptCache scripts) {
    this.router = router;
    this.scripts = scripts;
    router.onLoss((node, lane, reason) -> forget(node));
  }

  private void forget(NodeId node) {
    loads.keySet().removeIf(through -> through.node.equals(node));
  }

  @Override
  public void handle(
      ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    PendingReply place = client.open(request.frameLength(), request.isReadOnly());
    if (!route.isOnOneShard()) {
      place.fail(SingleShardHandler.CROSSSLOT);
      return;
    }
    byte[] body = scripts.find(request.bytes(1));
    Consistency levels = route.levels();
    if (body == null) {
      // Replicas know fewer scripts than their leader.
      router.send(client, request, route.shard(), route.keyspace(), levels.atLeader(), place);
    } else if (router.isLarge(request.frameLength())) {
      // It would not follow a load of its script, from which its own connection differs.
      scripts.evaluated(body);
      sendWhole(client, request, body, route, place);
    } else if (request.isReadOnly() && levels.read().mayBeStale()) {
      // Any of several nodes may answer, and be asked again elsewhere.
      sendWhole(client, request, body, route, place);
    } else {
      new Call(place, route, body).send(request);
    }
  }

  /** The script goes along. */
  private void sendWhole(
      ClientConnection client, RequestFrame request, byte[] body, Route route, PendingReply place) {
    RequestEncoder encoder = new RequestEncoder(client.allocator(), request.count());
    encoder.add(word(request.isReadOnly() ? "EVAL_RO" : "EVAL")).add(body);
    for (int i = 2; i < request.count(); i++) {
      encoder.add(request, i);
    }
    RequestFrame whole = encoder.finish();
    whole.readOnly(request.isReadOnly());
    router.send(client, whole, route.shard(), route.keyspace(), route.levels(), place);
    whole.buffer().release();
  }

  private static byte[] word(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The load that makes the script known to the shard's leader, sent now or before. */
  private Load load(
      ClientConnection client, Shard shard, Keyspace keyspace, String digest, byte[] body) {
    if (flushes != scripts.flushes() || loads.size() >= MOST_LOADS) {
      flushes = scripts.flushes();
      loads.clear();
    }
    Through through = new Through(shard.leader().id(), router.lane(client, shard), digest);
    Load load = loads.get(through);
    long evaluations = scripts.evaluations();
    if (load == null || evaluations - load.usedAt >= EVALUATIONS) {
      load = new Load(through, body);
      loads.put(through, load);
      load.send(client, shard, keyspace);
    }
    load.usedAt = evaluations;
    return load;
  }

  /** A SCRIPT LOAD. */
  private final class Load implements ReplyCallback {
    private final Through through;
    private final byte[] body;
    // How many scripts had been evaluated when it was last relied on.
    private long usedAt;
    // Why it did not make the script known.
    private @Nullable Reply error;

    Load(Through through, byte[] body) {
      this.through = through;
      this.body = body;
    }

    void send(ClientConnection client, Shard shard, Keyspace keyspace) {
      RequestFrame request =
          new RequestEncoder(client.allocator(), 3)
              .add(word("SCRIPT"))
              .add(word("LOAD"))
              .add(body)
              .finish();
      request.readOnly(true);
      Consistency atLeader = new Consistency(ReadLevel.LEADER, Consistency.DEFAULT.write());
      router.send(client, request, shard, keyspace, atLeader, this);
      request.buffer().release();
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        scripts.answered(body, reply);
        error = reply.detached();
        loads.remove(through, this);
      }
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      loads.remove(through, this);
    }
  }

  /** A call, which may be made again if it only reads. */
  private final class Call implements ReplyCallback {
    private final PendingReply place;
    private final Shard shard;
    private final Keyspace keyspace;
    private final Consistency levels;
    private final byte[] body;
    private String digest = "";
    private @Nullable Load load;
    private @Nullable RequestFrame again;

    Call(PendingReply place, Route route, byte[] body) {
      this.place = place;
      this.shard = route.shard();
      this.keyspace = route.keyspace();
      this.levels = route.levels();
      this.body = body;
    }

    void send(RequestFrame request) {
      again = request.isReadOnly() ? request.detached() : null;
      digest = new String(request.bytes(1), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      sendBehindLoad(request);
    }

    private void sendBehindLoad(RequestFrame request) {
      load = load(place.client(), shard, keyspace, digest, body);
      router.send(place.client(), request, shard, keyspace, levels, this);
    }

    @Override
    public void onReply(Reply reply) {
      if (!isUnknownScript(reply)) {
        place.onReply(reply);
        return;
      }
      // Who took this script has taken the others too.
      forget(shard.leader().id());
      Reply trouble = load == null ? null : load.error;
      RequestFrame repeated = again;
      again = null;
      if (!scripts.has(digest)) {
        // It was flushed meanwhile, or is no script.
        place.onReply(reply);
      } else if (trouble == null && place.isLast() && repeated != null) {
        sendBehindLoad(repeated);
      } else {
        place.onReply(trouble == null ? reply : trouble);
      }
    }

    /** So the server says, or a script in its words. Those of Valkey are the first of Redis'. */
    private static boolean isUnknownScript(Reply reply) {
      return reply.type() == '-' && reply.firstLine().startsWith("NOSCRIPT No matching script");
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      place.onFailure(failure, node, reason);
    }
  }
}
