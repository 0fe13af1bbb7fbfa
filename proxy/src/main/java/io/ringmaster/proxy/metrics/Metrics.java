package io.ringmaster.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeState;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metadata.GroupView;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The counters and gauges in the text format of Prometheus. Safe for any thread. */
public final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  // The registry itself holds on to nothing.
  private final List<LoopCounters> loops;
  private final Supplier<Health> health;
  private final Supplier<Topology> topology;
  private final Supplier<GroupView> group;
  private final NodeGauges nodes;

  /**
   * Publishes the sums over {@code loops}, the state of the nodes of {@code topology}, and what
   * this coordinator sees of its {@code group}.
   */
  public Metrics(
      List<LoopCounters> loops,
      MemoryBudget memory,
      Supplier<Health> health,
      Supplier<Topology> topology,
      Supplier<GroupView> group,
      BooleanSupplier leased) {
    this.loops = loops;
    this.health = health;
    this.topology = topology;
    this.group = group;
    this.nodes = new NodeGauges(registry, topology, health);
    for (Counter counter : Counter.values()) {
      FunctionCounter.builder(counter.metric(), this, metrics -> metrics.sum(counter))
          .description(counter.help())
          .register(registry);
    }
    gauge(
        "ringmaster.clients.connected",
        "Client connections open now",
        () -> sum(Counter.CLIENTS_ACCEPTED) - sum(Counter.CLIENTS_CLOSED));
    memoryMeters(memory);
    for (NodeState state : NodeState.values()) {
      Gauge.builder("ringmaster.nodes", () -> this.health.get().count(state))
          .description("Servers by what the last probe found")
          .tag("state", state.text())
          .register(registry);
    }
    topologyMeters();
    if (!group.get().self().isEmpty()) {
      coordinatorMeters();
      gauge(
          "ringmaster.coordinator.lease.held",
          "Whether replies of leaders count without a barrier",
          () -> leased.getAsBoolean() ? 1 : 0);
    }
    processMeters();
  }

  private void memoryMeters(MemoryBudget memory) {
    gauge(
        "ringmaster.buffers.bytes",
        "Bytes of network buffers in use",
        PooledByteBufAllocator.DEFAULT::pinnedDirectMemory);
    gauge(
        "ringmaster.memory.used.bytes",
        "Bytes that clients occupy: received, waiting for servers or clients, reserved",
        memory::drawn);
    gauge("ringmaster.memory.limit.bytes", "Bytes that clients may occupy together", memory::limit);
  }

  private void processMeters() {
    Gauge.builder("ringmaster.build", () -> 1)
        .description("Always 1; the version is its label")
        .tag("version", version())
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private void topologyMeters() {
    gauge("ringmaster.topology.epoch", "Epoch of the topology here", () -> topology.get().epoch());
    FunctionCounter.builder(
            "ringmaster.topology.changes", this, metrics -> metrics.topology.get().epoch() - 1)
        .description("Changes of the topology since it was first made")
        .register(registry);
  }

  private void coordinatorMeters() {
    group("term", "Term of the group's leader, raised at each election", GroupView::term);
    group("leads", "Whether this coordinator leads the group", view -> view.isLeader() ? 1 : 0);
    group(
        "leader.known",
        "Whether this coordinator knows who leads the group",
        view -> view.leader().isPresent() ? 1 : 0);
    group("member", "Whether this coordinator has a vote", view -> view.isMember() ? 1 : 0);
    group("members", "Coordinators that have a vote", view -> view.members().size());
    group(
        "applied.index",
        "Index of the last entry of the group's log that is part of the topology here",
        GroupView::applied);
  }

  private void group(String name, String help, ToDoubleFunction<GroupView> value) {
    gauge("ringmaster.coordinator." + name, help, () -> value.applyAsDouble(group.get()));
  }

  private static String version() {
    String version = Metrics.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Returns the text of one scrape. */
  public String scrape() {
    nodes.update();
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(name, value).description(help).register(registry);
  }

  private long sum(Counter counter) {
    return loops.stream().mapToLong(loop -> loop.get(counter)).sum();
  }
}
