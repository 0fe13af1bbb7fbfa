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
import io.ringmaster.proxy.control.Health;
import io.ringmaster.proxy.control.NodeState;
import java.util.List;
import java.util.function.Supplier;

/** All counters and gauges in the text format of Prometheus. Safe for any thread. */
public final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  // The registry itself holds on to nothing.
  private final List<LoopCounters> loops;
  private final Supplier<Health> health;
  private final NodeGauges nodes;

  /** Publishes the sums over {@code loops} and the state of the nodes of {@code topology}. */
  public Metrics(List<LoopCounters> loops, Supplier<Health> health, Supplier<Topology> topology) {
    this.loops = loops;
    this.health = health;
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
    gauge(
        "ringmaster.buffers.bytes",
        "Bytes of network buffers in use",
        PooledByteBufAllocator.DEFAULT::pinnedDirectMemory);
    for (NodeState state : NodeState.values()) {
      Gauge.builder("ringmaster.nodes", () -> this.health.get().count(state))
          .description("Servers by what the last probe found")
          .tag("state", state.text())
          .register(registry);
    }
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

  private static String version() {
    String version = Metrics.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** One scrape. */
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
