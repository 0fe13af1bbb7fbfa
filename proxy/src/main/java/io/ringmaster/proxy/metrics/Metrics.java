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
import io.ringmaster.proxy.control.Health;
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
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
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
