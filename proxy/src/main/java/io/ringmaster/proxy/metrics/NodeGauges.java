package io.ringmaster.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeHealth;
import io.ringmaster.proxy.health.NodeState;
import io.ringmaster.proxy.health.ReplicationLag;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Gauges of each node that belongs to the topology at the moment of a scrape. */
final class NodeGauges {

  private final MeterRegistry registry;
  private final Supplier<Topology> topology;
  private final Supplier<Health> health;
  private final List<NodeGauge> gauges = new ArrayList<>();

  /** A number of one node. */
  @FunctionalInterface
  private interface Value {
    double of(NodeHealth health, ReplicationLag lag);
  }

  private record NodeGauge(MultiGauge gauge, Value value) {}

  private record Observed(Tags tags, NodeHealth health, ReplicationLag lag) {}

  NodeGauges(MeterRegistry registry, Supplier<Topology> topology, Supplier<Health> health) {
    this.registry = registry;
    this.topology = topology;
    this.health = health;
    add(
        "up",
        "Whether the last probe found the server up",
        (node, lag) -> flag(node.state() == NodeState.UP));
    add(
        "mismatch",
        "Whether the server's role or version is not the configured one",
        (node, lag) -> flag(!node.mismatch().isEmpty()));
    add(
        "replication.offset.bytes",
        "Place in the replication stream, as last seen",
        (node, lag) -> node.replication().offset());
    add(
        "lag.bytes",
        "Bytes of the replication stream that it lacks of what its leader has",
        (node, lag) -> number(lag.lagBytes()));
    add(
        "lag.markers",
        "Barriers that it lacks of what its leader has",
        (node, lag) -> number(lag.lagMarkers()));
    add(
        "in.sync",
        "Whether it leads its shard or follows the leader closely, and has forgotten nothing",
        (node, lag) -> flag(lag.inSync()));
    add(
        "lost-data",
        "Whether it was restarted, may have forgotten something and has not been synced since",
        (node, lag) -> flag(node.lostData()));
    add("memory.bytes", "Memory in use, as last seen", (node, lag) -> node.usedMemory());
  }

  private void add(String name, String help, Value value) {
    MultiGauge gauge =
        MultiGauge.builder("ringmaster.node." + name).description(help).register(registry);
    gauges.add(new NodeGauge(gauge, value));
  }

  /** Takes what is known now. */
  void update() {
    Health now = health.get();
    List<Observed> nodes =
        topology.get().shards().stream()
            .flatMap(shard -> shard.nodes().stream().map(node -> observed(now, shard, node)))
            .toList();
    for (NodeGauge each : gauges) {
      each.gauge().register(nodes.stream().map(node -> row(each.value(), node)).toList(), true);
    }
  }

  private static Observed observed(Health now, Shard shard, Node node) {
    Tags tags =
        Tags.of("node", node.id().toString(), "role", node.isLeader() ? "leader" : "replica");
    return new Observed(tags, now.of(node), now.lag(shard, node));
  }

  private static MultiGauge.Row<?> row(Value value, Observed node) {
    return MultiGauge.Row.of(node.tags(), value.of(node.health(), node.lag()));
  }

  private static double flag(boolean is) {
    return is ? 1 : 0;
  }

  private static double number(OptionalLong known) {
    return known.isPresent() ? known.getAsLong() : Double.NaN;
  }
}
