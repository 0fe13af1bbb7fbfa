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
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.proxy.control.Health;
import io.ringmaster.proxy.control.NodeHealth;
import io.ringmaster.proxy.control.NodeState;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** All counters and gauges in the text format of Prometheus. Safe for any thread. */
public final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** Publishes the sums over {@code loops} and the state of the nodes. */
  public Metrics(List<LoopCounters> loops, Supplier<Health> health) {
    for (Counter counter : Counter.values()) {
      FunctionCounter.builder(counter.metric(), loops, all -> sum(all, counter))
          .description(counter.help())
          .register(registry);
    }
    gauge(
        "ringmaster.clients.connected",
        "Client connections open now",
        loops,
        all -> sum(all, Counter.CLIENTS_ACCEPTED) - sum(all, Counter.CLIENTS_CLOSED));
    gauge(
        "ringmaster.buffers.bytes",
        "Bytes of network buffers in use",
        PooledByteBufAllocator.DEFAULT,
        PooledByteBufAllocator::pinnedDirectMemory);
    for (NodeState state : NodeState.values()) {
      Gauge.builder("ringmaster.nodes", health, now -> now.get().count(state))
          .description("Servers by what the last probe found")
          .tag("state", state.text())
          .register(registry);
    }
    health.get().nodes().values().forEach(node -> node(node.node(), health));
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

  private void node(Node node, Supplier<Health> health) {
    nodeGauge(
        node,
        "up",
        "Whether the last probe found the server up",
        health,
        now -> now.state() == NodeState.UP ? 1 : 0);
    nodeGauge(
        node,
        "mismatch",
        "Whether the server's role or version is not the configured one",
        health,
        now -> now.mismatch().isEmpty() ? 0 : 1);
    nodeGauge(
        node,
        "replication.offset.bytes",
        "Place in the replication stream, as last seen",
        health,
        now -> now.replication().offset());
    nodeGauge(node, "memory.bytes", "Memory in use, as last seen", health, NodeHealth::usedMemory);
  }

  private void nodeGauge(
      Node node,
      String name,
      String help,
      Supplier<Health> health,
      ToDoubleFunction<NodeHealth> value) {
    Gauge.builder("ringmaster.node." + name, health, now -> value.applyAsDouble(now.get().of(node)))
        .description(help)
        .tag("node", node.id().toString())
        .tag("role", node.isLeader() ? "leader" : "replica")
        .register(registry);
  }

  private static String version() {
    String version = Metrics.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** One scrape. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private <T> void gauge(String name, String help, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value).description(help).register(registry);
  }

  private static double sum(List<LoopCounters> loops, Counter counter) {
    return loops.stream().mapToLong(loop -> loop.get(counter)).sum();
  }
}
