package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanNodes;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.TopologyEvent;
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

  private static final int PATIENCE_SECONDS = 10;
  private static final int EVENTS = 10;

  private record Waiting(String shard, Predicate<Shard> wanted, CompletableFuture<Shard> ended) {

    void look(Topology topology) {
      topology.shard(shard).filter(wanted).ifPresent(ended::complete);
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
   */
  void plan(AdminRequest request, Shard shard, List<NodeId> nodes) {
    PlanNodes plan = new PlanNodes(shard.id(), shard.epoch(), nodes);
    request.later(
        group.submit(plan, OptionalLong.empty(), "an operator"),
        outcome ->
            request.settle(
                outcome,
                committed ->
                    request.later(
                        reached(shard, committed, now -> isOver(shard, now)),
                        reached -> answer(request, reached, nodes))));
  }

  /** The next epoch is served, or the plan was given up. */
  private static boolean isOver(Shard before, Shard now) {
    return now.isServing() && (now.epoch() > before.epoch() || now.planned().isEmpty());
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
   * The shard once it is as {@code wanted} after a change, or as it was before if that takes too
   * long.
   */
  synchronized CompletableFuture<Shard> reached(
      Shard shard, ChangeOutcome.Committed committed, Predicate<Shard> wanted) {
    CompletableFuture<Shard> ended = new CompletableFuture<>();
    Waiting one = new Waiting(shard.id(), wanted, ended);
    waiting.add(one);
    if (known.epoch() >= committed.epoch()) {
      one.look(known);
    }
    return ended.completeOnTimeout(shard, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void answer(AdminRequest request, Shard reached, List<NodeId> nodes) {
    List<NodeId> present = reached.nodeIds();
    boolean isLed = reached.leader().id().equals(nodes.getFirst());
    if (isLed && Set.copyOf(present).equals(Set.copyOf(nodes))) {
      request.reply(describe(reached));
    } else if (isStillPlanned(reached)) {
      request.fail(
          "ERR it is planned, and cannot be done yet: KV.HEALTH says why, and CLUSTER.FAILOVER "
              + reached.id()
              + " ABORT takes it back");
    } else {
      request.fail("ERR " + lastCause(reached).orElse("another node was further, and leads"));
    }
  }

  private boolean isStillPlanned(Shard shard) {
    return group.topology().shard(shard.id()).filter(now -> !now.planned().isEmpty()).isPresent();
  }

  /** Why the shard was not handed over or stopped when that was tried last. */
  Optional<String> lastCause(Shard shard) {
    return group.events(EVENTS).reversed().stream()
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
