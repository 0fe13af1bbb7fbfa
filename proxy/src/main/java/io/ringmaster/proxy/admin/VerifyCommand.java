package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.verify.Difference;
import io.ringmaster.proxy.verify.Progress;
import io.ringmaster.proxy.verify.Verifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code KV.VERIFY [SHARD id] [AGAIN | STOP]}: compares the nodes of a shard, or of all, and
 * answers at once how far that is. {@code AGAIN} begins anew where it has ended.
 */
final class VerifyCommand {

  private final Supplier<Topology> topology;
  private final Verifier verifier;

  VerifyCommand(Supplier<Topology> topology, Verifier verifier) {
    this.topology = topology;
    this.verifier = verifier;
  }

  /** The handler by command. */
  Map<String, CommandHandler> handlers() {
    return Map.of("kv.verify", new AdminHandler(1, 4, this::verify));
  }

  private void verify(AdminRequest request) {
    boolean one = request.text(1).equalsIgnoreCase("SHARD");
    int next = one ? 3 : 1;
    if (request.count() > next + 1) {
      request.fail(Errors.SYNTAX);
    } else if (one) {
      request
          .shardOption(topology.get(), 1)
          .ifPresent(shard -> verify(request, List.of(shard), request.text(next)));
    } else {
      verify(request, topology.get().shards(), request.text(next));
    }
  }

  private void verify(AdminRequest request, List<Shard> shards, String order) {
    switch (order.toUpperCase(Locale.ROOT)) {
      case "" -> answer(request, shards, shard -> verifier.start(shard, false));
      case "AGAIN" -> answer(request, shards, shard -> verifier.start(shard, true));
      case "STOP" -> answer(request, shards, verifier::stop);
      default -> request.fail(Errors.SYNTAX);
    }
  }

  private void answer(AdminRequest request, List<Shard> shards, Consumer<Shard> step) {
    shards.forEach(step);
    List<Object> described =
        shards.stream()
            .flatMap(shard -> verifier.progress(shard).stream())
            .map(VerifyCommand::described)
            .toList();
    request.reply(Map.of("shards", described));
  }

  private static Object described(Progress progress) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", progress.shard());
    entry.put("epoch", progress.epoch());
    entry.put("leader", progress.leader().toString());
    entry.put("state", lower(progress.state()));
    entry.put("reason", progress.reason());
    entry.put("since", progress.since().toString());
    entry.put("milliseconds", Duration.between(progress.since(), progress.until()).toMillis());
    entry.put("keys", progress.keys());
    entry.put("keys-at-start", progress.total());
    entry.put("replicas", progress.replicas().stream().map(VerifyCommand::described).toList());
    return entry;
  }

  private static Object described(Progress.Replica replica) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("address", replica.node().toString());
    entry.put("state", lower(replica.state()));
    entry.put("reason", replica.reason());
    entry.put("keys", replica.keys());
    entry.put("own-keys", replica.ownKeys());
    entry.put("differences", replica.differences());
    entry.put("undecided", replica.undecided());
    entry.put("first", replica.first().stream().map(VerifyCommand::described).toList());
    return entry;
  }

  private static Object described(Difference difference) {
    Map<String, Object> entry = new LinkedHashMap<>();
    byte[] key = difference.key().getBytes(StandardCharsets.ISO_8859_1);
    entry.put("database", difference.database());
    entry.put("key", new String(key, StandardCharsets.UTF_8));
    entry.put("kind", lower(difference.kind()));
    return entry;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
