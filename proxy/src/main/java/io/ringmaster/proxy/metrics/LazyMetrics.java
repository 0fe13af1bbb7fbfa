package io.ringmaster.proxy.metrics;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Metrics that are made with the first scrape: a start should not wait for them. For one thread.
 */
public final class LazyMetrics implements Supplier<String> {

  private final Supplier<Metrics> maker;
  private @Nullable Metrics metrics;

  public LazyMetrics(Supplier<Metrics> maker) {
    this.maker = maker;
  }

  @Override
  public String get() {
    Metrics made = metrics;
    if (made == null) {
      made = maker.get();
      metrics = made;
    }
    return made.scrape();
  }
}
