package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.StopShard;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.proxy.control.Health;
import io.ringmaster.proxy.control.NodeState;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.ConfigGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * {@code CLUSTER.STOP [SHARD id]} and {@code CLUSTER.START [SHARD id]}: so that all servers of a
 * shard can be shut down and come back without having forgotten anything. They answer when it is
 * done.
 */
final class StopCommands {

  private final ConfigGroup group;
  private final Plans plans;
  private final Supplier<Health> health;

  StopCommands(ConfigGroup group, Plans plans, Supplier<Health> health) {
    this.group = group;
    this.plans = plans;
    this.health = health;
  }

  /** The handlers by command. */
  Map<String, CommandHandler> handlers() {
    return Map.of(
        "cluster.stop", new AdminHandler(1, 3, this::stop),
        "cluster.start", new AdminHandler(1, 3, this::start));
  }

  private void stop(AdminRequest request) {
    shards(request).ifPresent(shards -> stop(request, shards));
  }

  /** A shard could not be started again if too few of its nodes were there to be cut off. */
  private void stop(AdminRequest request, List<Shard> shards) {
    Optional<Shard> weak =
        shards.stream()
            .filter(shard -> shard.isServing() && shard.hasServed())
            .filter(shard -> remembering(shard) < shard.sealsNeeded())
            .findFirst();
    if (weak.isPresent()) {
      request.fail(
          "ERR %d nodes of shard %s answer and remember what they acknowledged, it takes %d"
              .formatted(remembering(weak.get()), weak.get().id(), weak.get().sealsNeeded()));
      return;
    }
    each(
        request,
        shards,
        shard -> shard.state() != ShardState.STOPPED,
        shard -> new StopShard(shard.id(), shard.epoch()),
        shard -> shard.state() == ShardState.STOPPED || shard.isServing(),
        shard ->
            shard.state() == ShardState.STOPPED
                ? ""
                : plans.lastCause(shard).orElse("it is not stopped yet"));
  }

  private long remembering(Shard shard) {
    Health now = health.get();
    return shard.nodes().stream()
        .map(now::of)
        .filter(node -> node.state() == NodeState.UP && !node.amnesiac())
        .count();
  }

  private void start(AdminRequest request) {
    shards(request).ifPresent(shards -> start(request, shards));
  }

  private void start(AdminRequest request, List<Shard> shards) {
    each(
        request,
        shards,
        shard -> shard.state() == ShardState.STOPPED,
        shard -> new FenceShard(shard.id(), shard.epoch() + 1, false),
        Shard::isServing,
        shard ->
            shard.isServing()
                ? ""
                : "it is started, and has no leader yet: KV.HEALTH of the coordinator that leads"
                    + " says why");
  }

  /** Changes all shards that are {@code concerned}, and says of those that lack something what. */
  private void each(
      AdminRequest request,
      List<Shard> shards,
      Predicate<Shard> concerned,
      Function<Shard, TopologyChange> change,
      Predicate<Shard> ended,
      Function<Shard, String> lacks) {
    Map<String, CompletableFuture<String>> failures = new TreeMap<>();
    for (Shard shard : shards) {
      if (concerned.test(shard)) {
        failures.put(
            shard.id(),
            group
                .submit(change.apply(shard), OptionalLong.empty(), "an operator")
                .thenCompose(outcome -> failure(shard, outcome, ended, lacks)));
      }
    }
    request.later(
        CompletableFuture.allOf(failures.values().toArray(CompletableFuture[]::new)),
        all -> answer(request, shards, failures));
  }

  private CompletableFuture<String> failure(
      Shard shard, ChangeOutcome outcome, Predicate<Shard> ended, Function<Shard, String> lacks) {
    return outcome instanceof ChangeOutcome.Committed committed
        ? plans.reached(shard, committed, ended).thenApply(lacks)
        : CompletableFuture.completedFuture(AdminRequest.failure(outcome));
  }

  private void answer(
      AdminRequest request, List<Shard> shards, Map<String, CompletableFuture<String>> failures) {
    List<String> told = new ArrayList<>();
    failures.forEach(
        (shard, failure) -> {
          if (!failure.join().isEmpty()) {
            told.add("shard " + shard + ": " + failure.join());
          }
        });
    if (told.isEmpty()) {
      request.reply(shards.stream().map(shard -> Plans.describe(present(shard))).toList());
    } else {
      request.fail("ERR " + String.join("; ", told));
    }
  }

  private Shard present(Shard shard) {
    return group.topology().shard(shard.id()).orElse(shard);
  }

  /** The shard that is named, or all; an error is replied if there is none of that name. */
  private Optional<List<Shard>> shards(AdminRequest request) {
    return request.count() == 1
        ? Optional.of(group.topology().shards())
        : request.shardOption(group.topology(), 1).map(List::of);
  }
}
