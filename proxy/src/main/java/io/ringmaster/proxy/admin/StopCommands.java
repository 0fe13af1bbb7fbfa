package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.StopShard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeState;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.ConfigGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code CLUSTER.STOP [SHARD id]} and {@code CLUSTER.START [SHARD id]}: so that all servers of a
 * shard can be shut down and come back without having forgotten anything. They answer when it is
 * done.
 */
final class StopCommands {

  private static final CompletableFuture<String> DONE = CompletableFuture.completedFuture("");

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
    request.withTopology(
        group, topology -> shards(request, topology).ifPresent(shards -> stop(request, shards)));
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
    each(request, shards, this::stop);
  }

  private long remembering(Shard shard) {
    Health now = health.get();
    return shard.nodes().stream()
        .map(now::of)
        .filter(node -> node.state() == NodeState.UP && !node.lostData())
        .count();
  }

  private CompletableFuture<String> stop(Shard shard) {
    if (shard.state() == ShardState.STOPPED) {
      return DONE;
    }
    return change(
        new StopShard(shard.id(), shard.epoch()),
        since ->
            plans
                .reached(shard, since, now -> now.state() == ShardState.STOPPED || now.isServing())
                .thenApply(now -> notStopped(shard, now, since)));
  }

  private String notStopped(Shard before, Shard now, long since) {
    if (now.state() == ShardState.STOPPED) {
      return "";
    }
    if (!now.isServing()) {
      return "UNCERTAIN it is not stopped yet: " + Plans.HEALTH;
    }
    return now.epoch() > before.epoch()
        ? "ERR it was fenced meanwhile, and is served again"
        : "ERR " + plans.whyNot(now, since).orElse("its leader serves on");
  }

  private void start(AdminRequest request) {
    request.withTopology(
        group,
        topology ->
            shards(request, topology).ifPresent(shards -> each(request, shards, this::start)));
  }

  private CompletableFuture<String> start(Shard shard) {
    return switch (shard.state()) {
      case SERVING -> DONE;
      case NEW -> CompletableFuture.completedFuture("ERR it was never taken over: CLUSTER.ADOPT");
      case STOPPED ->
          change(
              new FenceShard(shard.id(), shard.epoch() + 1, false),
              since -> served(shard, since, "UNCERTAIN it is started, and has no leader yet: "));
      default ->
          served(
              shard,
              group.topology().epoch(),
              "ERR it was not stopped, and has no leader just now: ");
    };
  }

  private CompletableFuture<String> served(Shard shard, long since, String otherwise) {
    return plans
        .reached(shard, since, Shard::isServing)
        .thenApply(now -> now.isServing() ? "" : otherwise + Plans.HEALTH);
  }

  /** Changes something and, if that was made, goes on with the topology in which it was. */
  private CompletableFuture<String> change(
      TopologyChange change, LongFunction<CompletableFuture<String>> then) {
    return group
        .submit(change, OptionalLong.empty(), "an operator")
        .thenCompose(
            outcome ->
                outcome instanceof ChangeOutcome.Committed made
                    ? then.apply(made.epoch())
                    : CompletableFuture.completedFuture(AdminRequest.failure(outcome)));
  }

  /** Takes a step with all shards, and says of those with which it failed why. */
  private void each(
      AdminRequest request, List<Shard> shards, Function<Shard, CompletableFuture<String>> step) {
    Map<String, CompletableFuture<String>> failures = new TreeMap<>();
    shards.forEach(shard -> failures.put(shard.id(), step.apply(shard)));
    request.later(
        CompletableFuture.allOf(failures.values().toArray(CompletableFuture[]::new)),
        all -> answer(request, shards, failures));
  }

  private void answer(
      AdminRequest request, List<Shard> shards, Map<String, CompletableFuture<String>> failures) {
    Set<String> codes = new HashSet<>();
    List<String> told = new ArrayList<>();
    failures.forEach(
        (shard, step) -> {
          String failure = step.join();
          if (!failure.isEmpty()) {
            int blank = failure.indexOf(' ');
            codes.add(failure.substring(0, blank));
            told.add("shard " + shard + ":" + failure.substring(blank));
          }
        });
    if (told.isEmpty()) {
      request.reply(shards.stream().map(shard -> Plans.describe(present(shard))).toList());
    } else {
      request.fail(worst(codes) + " " + String.join("; ", told));
    }
  }

  /** What is uncertain of one shard is uncertain of all. */
  private static String worst(Set<String> codes) {
    return Stream.of("UNCERTAIN", "ERR", "UNAVAILABLE")
        .filter(codes::contains)
        .findFirst()
        .orElseThrow();
  }

  private Shard present(Shard shard) {
    return group.topology().shard(shard.id()).orElse(shard);
  }

  /** The shard that is named, or all; an error is replied if there is none of that name. */
  private static Optional<List<Shard>> shards(AdminRequest request, Topology topology) {
    return request.count() == 1
        ? Optional.of(topology.shards())
        : request.shardOption(topology, 1).map(List::of);
  }
}
