package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.log.TopologyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Plans the nodes of shards, and waits until they are what was planned. Safe for all threads; one
 * for a process.
 */
final class Plans {

  /** Where to look for what a shard waits for. */
  static final String HEALTH = "KV.HEALTH says what it waits for";

  private static final int PATIENCE_SECONDS = 10;
  private static final int EVENTS = 100;

  /** Who waits for a shard to be as {@code wanted} in the topology {@code since} or a later one. */
  private record Waiting(
      String shard, long since, Predicate<Shard> wanted, CompletableFuture<Boolean> ended) {

    void look(Topology topology) {
      if (topology.epoch() >= since) {
        topology.shard(shard).filter(wanted).ifPresent(reached -> ended.complete(true));
      }
    }
  }

  private final ConfigGroup group;
  private final List<Waiting> waiting = new ArrayList<>();
  private Topology known;

  Plans(ConfigGroup group) {
    this.group = group;
    this.known = group.topology();
  }

  /**
   * Clients of this process are served by {@code topology} before they hear that it was reached.
   */
  synchronized void follow(Topology topology) {
    known = topology;
    waiting.forEach(one -> one.look(topology));
    waiting.removeIf(one -> one.ended().isDone());
  }

  /**
   * Plans {@code nodes} for the shard, and answers the request when the shard has them and is
   * served.
   *
   * @param ledByFirst whether it matters that the first of them leads
   */
  void plan(AdminRequest request, Shard shard, List<NodeId> nodes, boolean ledByFirst) {
    PlanReconfiguration plan = new PlanReconfiguration(shard.id(), shard.epoch(), nodes);
    request.later(
        group.submit(plan, OptionalLong.empty(), "an operator"),
        outcome ->
            request.settle(
                outcome,
                committed ->
                    request.later(
                        reached(shard, committed.epoch(), now -> isOver(shard, now)),
                        now -> {
                          String failure = failure(now, committed.epoch(), nodes, ledByFirst);
                          if (failure.isEmpty()) {
                            request.reply(describe(now));
                          } else {
                            request.fail(failure);
                          }
                        })));
  }

  /** The next epoch is served, or the plan was given up. */
  private static boolean isOver(Shard before, Shard now) {
    return now.isServing() && (now.epoch() > before.epoch() || now.pending().isEmpty());
  }

  /** Begins the shard's next epoch without a plan, and answers the request with it. */
  void fence(AdminRequest request, Shard shard, boolean forced, String cause) {
    // Another epoch that has begun meanwhile makes it invalid.
    FenceShard fence = new FenceShard(shard.id(), shard.epoch() + 1, forced);
    request.later(
        group.submit(fence, OptionalLong.empty(), cause),
        outcome ->
            request.settle(
                outcome,
                done -> request.reply(Map.of("shard", fence.shard(), "epoch", fence.epoch()))));
  }

  /**
   * The shard once it is as {@code wanted}, in the topology {@code since} or a later one; as it is
   * by then if that takes too long.
   */
  synchronized CompletableFuture<Shard> reached(Shard shard, long since, Predicate<Shard> wanted) {
    Waiting one = new Waiting(shard.id(), since, wanted, new CompletableFuture<>());
    waiting.add(one);
    one.look(known);
    return one.ended()
        .completeOnTimeout(false, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .thenApply(isReached -> present(shard));
  }

  private synchronized Shard present(Shard shard) {
    return known.shard(shard.id()).orElse(shard);
  }

  /** What the shard lacks of what was planned {@code since}, with the code of the error. */
  private String failure(Shard now, long since, List<NodeId> nodes, boolean ledByFirst) {
    if (!now.isServing()) {
      return "UNCERTAIN it has begun, and the shard is not served yet: " + HEALTH;
    }
    if (!now.pending().isEmpty()) {
      return "UNCERTAIN it is planned, and cannot be done yet: %s, and CLUSTER.FAILOVER %s ABORT takes it back"
          .formatted(HEALTH, now.id());
    }
    if (!Set.copyOf(now.nodeIds()).equals(Set.copyOf(nodes))) {
      return "ERR " + whyNot(now, since).orElse("something else was done with the shard meanwhile");
    }
    return ledByFirst && !now.leader().id().equals(nodes.getFirst())
        ? "ERR " + whyNot(now, since).orElse("another node was further, and leads")
        : "";
  }

  /** Why the shard was not handed over or stopped, if that was tried {@code since}. */
  Optional<String> whyNot(Shard shard, long since) {
    return group.events(EVENTS).reversed().stream()
        .filter(event -> event.epoch() > since)
        .filter(event -> event.change().contains("resume-shard"))
        .filter(event -> event.change().contains('"' + shard.id() + '"'))
        .findFirst()
        .map(TopologyEvent::cause);
  }

  static Map<String, Object> describe(Shard shard) {
    return Map.of(
        "shard",
        shard.id(),
        "epoch",
        shard.epoch(),
        "leader",
        shard.leader().id().toString(),
        "nodes",
        texts(shard.nodeIds()));
  }

  static List<String> texts(List<NodeId> nodes) {
    return nodes.stream().map(NodeId::toString).toList();
  }
}
