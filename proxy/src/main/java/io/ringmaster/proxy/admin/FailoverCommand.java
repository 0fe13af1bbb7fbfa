package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeState;
import io.ringmaster.proxy.metadata.ConfigGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * {@code CLUSTER.FAILOVER shard [TO host:port | FORCE | ABORT]}: hands a shard over to another node
 * while clients wait a moment. With {@code FORCE} a leader is chosen from the nodes that can be
 * reached, even if all of them may have forgotten something that they acknowledged; {@code ABORT}
 * takes back what is planned.
 */
final class FailoverCommand {

  private final ConfigGroup group;
  private final Plans plans;
  private final Supplier<Health> health;

  FailoverCommand(ConfigGroup group, Plans plans, Supplier<Health> health) {
    this.group = group;
    this.plans = plans;
    this.health = health;
  }

  /** The handler by command. */
  Map<String, CommandHandler> handlers() {
    return Map.of("cluster.failover", new AdminHandler(2, 4, this::failOver));
  }

  private void failOver(AdminRequest request) {
    request.withTopology(
        group, topology -> request.shard(topology, 1).ifPresent(shard -> failOver(request, shard)));
  }

  private void failOver(AdminRequest request, Shard shard) {
    switch (request.text(2).toUpperCase(Locale.ROOT)) {
      case "" -> handOver(request, shard, successor(shard, health.get()));
      case "TO" -> request.node(3).ifPresent(to -> handOver(request, shard, Optional.of(to)));
      case "FORCE" -> plans.fence(request, shard, true, "an operator");
      case "ABORT" -> abort(request, shard);
      default -> request.fail(Errors.SYNTAX);
    }
  }

  /**
   * The replica that takes over if none is named: one that is in sync, else one that may be. The
   * controller looks again.
   */
  static Optional<NodeId> successor(Shard shard, Health health) {
    return shard.replicas().stream()
        .filter(replica -> shard.incarnations().containsKey(replica.id()))
        .filter(replica -> health.of(replica).state() != NodeState.DOWN)
        .max(Comparator.comparing(replica -> health.lag(shard, replica).inSync()))
        .map(Node::id);
  }

  /** The same nodes, that one first. */
  static List<NodeId> ledBy(NodeId leader, List<NodeId> nodes) {
    List<NodeId> ordered = new ArrayList<>(nodes);
    ordered.remove(leader);
    ordered.addFirst(leader);
    return ordered;
  }

  private void handOver(AdminRequest request, Shard shard, Optional<NodeId> successor) {
    if (successor.isEmpty()) {
      request.fail("ERR no replica of shard " + shard.id() + " can take over");
    } else if (!shard.has(successor.get())) {
      request.fail("ERR node " + successor.get() + " is not in shard " + shard.id());
    } else if (!shard.leader().id().equals(successor.get())) {
      plans.plan(request, shard, ledBy(successor.get(), shard.nodeIds()), true);
    } else if (shard.isServing()) {
      request.reply(Plans.describe(shard));
    } else {
      request.fail("ERR shard " + shard.id() + " has no leader just now: " + Plans.HEALTH);
    }
  }

  private void abort(AdminRequest request, Shard shard) {
    PlanReconfiguration nothing = new PlanReconfiguration(shard.id(), shard.epoch(), List.of());
    request.later(
        group.submit(nothing, OptionalLong.empty(), "an operator"),
        outcome ->
            request.settle(
                outcome,
                done ->
                    request.later(
                        plans.reached(shard, done.epoch(), now -> true),
                        now -> request.reply(Plans.describe(now)))));
  }
}
