package io.ringmaster.proxy.admin;

import io.netty.channel.EventLoop;
import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.frontend.PendingReply;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.GroupException;
import io.ringmaster.proxy.metadata.Member;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request and the place of its reply. */
final class AdminRequest {

  private static final Logger LOG = LoggerFactory.getLogger(AdminRequest.class);

  private final PendingReply place;
  private final List<byte[]> arguments;
  private final boolean json;

  /** {@code count}: arguments without a trailing JSON. */
  AdminRequest(PendingReply place, RequestFrame request, int count, boolean json) {
    this.place = place;
    this.arguments = IntStream.range(0, count).mapToObj(request::bytes).toList();
    this.json = json;
  }

  int count() {
    return arguments.size();
  }

  byte[] bytes(int index) {
    return arguments.get(index);
  }

  /** The argument as text; empty if there is none. */
  String text(int index) {
    return index < count() ? new String(bytes(index), StandardCharsets.UTF_8) : "";
  }

  static String text(Arguments request, int index) {
    return new String(request.bytes(index), StandardCharsets.UTF_8);
  }

  /** The argument as an address; an error is replied if it is none. */
  Optional<NodeId> node(int index) {
    try {
      return Optional.of(Address.node(text(index)));
    } catch (InvalidTopologyException e) {
      fail("ERR " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The argument as the id of a shard; an error is replied if there is no such shard. */
  Optional<Shard> shard(Topology topology, int index) {
    Optional<Shard> shard = topology.shard(text(index));
    if (shard.isEmpty()) {
      fail("ERR there is no shard " + text(index));
    }
    return shard;
  }

  /** The same for {@code SHARD id}, which begins at that index. */
  Optional<Shard> shardOption(Topology topology, int index) {
    if (!text(index).equalsIgnoreCase("SHARD") || index + 1 >= count()) {
      fail(Errors.SYNTAX);
      return Optional.empty();
    }
    return shard(topology, index + 1);
  }

  /**
   * Passes on the topology with all that was committed before now, on the client's event loop: what
   * this coordinator has heard of may be old, and so may be what is said by it.
   */
  void withTopology(ConfigGroup group, Consumer<Topology> then) {
    later(group.read(), then, "UNAVAILABLE ");
  }

  /** Replies what a change has come to, unless it was made: then {@code then} does. */
  void settle(ChangeOutcome outcome, Consumer<ChangeOutcome.Committed> then) {
    if (outcome instanceof ChangeOutcome.Committed done) {
      then.accept(done);
    } else {
      fail(failure(outcome));
    }
  }

  /** The error that tells what a change has come to; empty if it was made. */
  static String failure(ChangeOutcome outcome) {
    return switch (outcome) {
      case ChangeOutcome.Committed done -> "";
      case ChangeOutcome.Invalid invalid -> "ERR " + invalid.reason();
      case ChangeOutcome.NoMajority away -> "UNAVAILABLE " + away.reason();
      case ChangeOutcome.LeaderUnreachable away ->
          "UNAVAILABLE " + away.reason() + "; the leader is " + away.leader();
      case ChangeOutcome.Unknown unknown ->
          "UNCERTAIN "
              + unknown.reason()
              + unknown.leader().map(Member::id).map(id -> "; the leader is " + id).orElse("");
    };
  }

  void reply(Object value) {
    if (json) {
      String text = AdminReply.json(value);
      place.settleWith(reply -> reply.bulk(text));
    } else {
      place.settleWith(reply -> AdminReply.write(value, reply));
    }
  }

  void fail(String codeAndText) {
    place.fail(codeAndText);
  }

  /** Passes what arrives to {@code then}, on the client's event loop. */
  <T> void later(CompletableFuture<T> future, Consumer<T> then) {
    later(future, then, "UNCERTAIN ");
  }

  private <T> void later(CompletableFuture<T> future, Consumer<T> then, String code) {
    EventLoop loop = place.client().frontend().loop().eventLoop();
    future.whenComplete(
        (value, failure) ->
            loop.execute(
                () -> {
                  if (failure == null) {
                    then.accept(value);
                  } else {
                    fail(code + reason(failure));
                  }
                }));
  }

  private static String reason(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() instanceof GroupException e) {
      return e.reason();
    }
    LOG.error("a command of an administrator", failure);
    return "an error in Ringmaster itself, see its log";
  }
}
