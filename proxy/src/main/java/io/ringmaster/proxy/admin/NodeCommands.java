package io.ringmaster.proxy.admin;

import io.ringmaster.cluster.topology.MarkOutOfSync;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeState;
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
import java.util.function.Supplier;

/**
 * {@code CLUSTER.ADDNODE host:port SHARD id} and {@code CLUSTER.REMOVENODE host:port [FORCE]}:
 * which nodes a shard has; they answer when it has these nodes and is served. {@code
 * KV.EXCLUDEFAILED [SHARD id]} takes nodes that are down out of the in-sync set of their shards.
 */
final class NodeCommands {

  private final ConfigGroup group;
  private final Plans plans;
  private final Supplier<Health> health;
  private final Function<NodeId, CompletableFuture<String>> objections;

  /**
   * @param objections why a server must not become part of a shard; empty if it may
   */
  NodeCommands(
      ConfigGroup group,
      Plans plans,
      Supplier<Health> health,
      Function<NodeId, CompletableFuture<String>> objections) {
    this.group = group;
    this.plans = plans;
    this.health = health;
    this.objections = objections;
  }

  /** The handlers by command. */
  Map<String, CommandHandler> handlers() {
    return Map.of(
        "cluster.addnode", new AdminHandler(4, 4, this::add),
        "cluster.removenode", new AdminHandler(2, 3, this::remove),
        "kv.excludefailed", new AdminHandler(1, 3, this::exclude));
  }

  private void add(AdminRequest request) {
    request.withTopology(group, topology -> add(request, topology));
  }

  private void add(AdminRequest request, Topology topology) {
    Optional<Shard> shard = request.shardOption(topology, 2);
    Optional<NodeId> node = shard.isEmpty() ? Optional.empty() : request.node(1);
    if (node.isEmpty()) {
      return;
    }
    Optional<Shard> taken = shardOf(topology, node.get());
    if (taken.isPresent()) {
      request.fail("ERR node " + node.get() + " is in shard " + taken.get().id());
      return;
    }
    request.later(
        objections.apply(node.get()),
        objection -> {
          if (objection.isEmpty()) {
            List<NodeId> nodes = new ArrayList<>(shard.get().nodeIds());
            nodes.add(node.get());
            plans.plan(request, shard.get(), nodes, false);
          } else {
            request.fail("ERR " + node.get() + " cannot be added: " + objection);
          }
        });
  }

  private void remove(AdminRequest request) {
    request.withTopology(group, topology -> remove(request, topology));
  }

  private void remove(AdminRequest request, Topology topology) {
    Optional<NodeId> found = request.node(1);
    if (found.isEmpty()) {
      return;
    }
    NodeId node = found.get();
    boolean forced = request.text(2).equalsIgnoreCase("FORCE");
    Optional<Shard> from = shardOf(topology, node);
    if (from.isEmpty()) {
      request.fail("ERR node " + node + " is in no shard");
    } else if (request.count() == 3 && !forced) {
      request.fail(Errors.SYNTAX);
    } else if (forced) {
      removeNow(request, from.get(), node);
    } else {
      remove(request, from.get(), node);
    }
  }

  private void remove(AdminRequest request, Shard shard, NodeId node) {
    List<NodeId> staying = without(shard, List.of(node));
    if (shard.leader().id().equals(node)) {
      Optional<NodeId> successor = FailoverCommand.successor(shard, health.get());
      if (successor.isEmpty()) {
        request.fail("ERR no replica of shard " + shard.id() + " can take over");
        return;
      }
      staying = FailoverCommand.ledBy(successor.get(), staying);
    }
    plan(request, shard, staying);
  }

  private void plan(AdminRequest request, Shard shard, List<NodeId> nodes) {
    if (shard.canBecome(nodes)) {
      plans.plan(request, shard, nodes, false);
    } else {
      request.fail(
          "ERR too few of the nodes that would stay remember what shard %s has acknowledged, it takes %d"
              .formatted(shard.id(), shard.sealsNeeded()));
    }
  }

  /** Without asking anybody whether something is lost by that. */
  private void removeNow(AdminRequest request, Shard shard, NodeId node) {
    List<NodeId> staying = without(shard, List.of(node));
    if (staying.isEmpty()) {
      request.fail("ERR node " + node + " is the only one of shard " + shard.id());
      return;
    }
    PlanReconfiguration plan = new PlanReconfiguration(shard.id(), shard.epoch(), staying);
    request.later(
        group.submit(plan, OptionalLong.empty(), "an operator"),
        outcome ->
            request.settle(outcome, planned -> plans.fence(request, shard, true, "an operator")));
  }

  private void exclude(AdminRequest request) {
    request.withTopology(group, topology -> exclude(request, topology));
  }

  private void exclude(AdminRequest request, Topology topology) {
    List<Shard> shards = topology.shards();
    if (request.count() > 1) {
      Optional<Shard> named = request.shardOption(topology, 1);
      if (named.isEmpty()) {
        return;
      }
      shards = List.of(named.get());
    }
    Map<String, Object> told = new TreeMap<>();
    List<CompletableFuture<ChangeOutcome>> outcomes = new ArrayList<>();
    for (Shard shard : shards) {
      List<NodeId> failed = failed(shard);
      if (!failed.isEmpty()) {
        told.put(shard.id(), Plans.texts(failed));
        outcomes.add(
            group.submit(
                new MarkOutOfSync(shard.id(), shard.epoch(), excluded(shard, failed)),
                OptionalLong.empty(),
                "an operator"));
      }
    }
    request.later(
        CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)),
        all ->
            outcomes.stream()
                .map(CompletableFuture::join)
                .filter(outcome -> !(outcome instanceof ChangeOutcome.Committed))
                .findFirst()
                .ifPresentOrElse(
                    failure -> request.settle(failure, done -> request.reply(told)),
                    () -> request.reply(told)));
  }

  private List<NodeId> failed(Shard shard) {
    Health now = health.get();
    return shard.replicas().stream()
        .filter(node -> now.of(node).state() == NodeState.DOWN)
        .map(Node::id)
        .filter(node -> !shard.outOfSync().contains(node))
        .toList();
  }

  private static List<NodeId> without(Shard shard, List<NodeId> leaving) {
    List<NodeId> staying = new ArrayList<>(shard.nodeIds());
    staying.removeAll(leaving);
    return staying;
  }

  private static List<NodeId> excluded(Shard shard, List<NodeId> failed) {
    List<NodeId> excluded = new ArrayList<>(shard.outOfSync());
    excluded.addAll(failed);
    return excluded;
  }

  private static Optional<Shard> shardOf(Topology topology, NodeId node) {
    return topology.shards().stream().filter(shard -> shard.has(node)).findFirst();
  }
}
