package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Clock.Moment;
import io.ringmaster.cluster.topology.Shard;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Has a proxy's lease renewed, from one start of the proxy to its end. */
final class Renewal {

  private final SimulatedProcess process;
  private final ConfigLog log;
  private final Hole hole;
  private final long period;
  private final Lease lease;
  private Moment lately;

  /** {@code period} in microseconds. */
  Renewal(SimulatedProcess process, ConfigLog log, long period, Hole hole) {
    this.process = process;
    this.log = log;
    this.hole = hole;
    this.period = period;
    this.lately = process.moment();
    // In the same proportion as in a real proxy.
    Duration jump = Duration.ofNanos(period * 1000 / 15);
    this.lease = new Lease(this::now, Duration.ofNanos(period * 1000), jump);
  }

  Lease lease() {
    return lease;
  }

  private Moment now() {
    return switch (hole) {
      case CACHED_CLOCK -> lately;
      case UNNOTICED_SUSPEND ->
          new Moment(process.moment().nanos(), process.moment().nanos() / 1_000_000);
      default -> process.moment();
    };
  }

  /**
   * @param epoch the newest that the proxy knows
   * @param learn makes it known to the proxy
   */
  void start(LongSupplier epoch, Consumer<Shard> learn) {
    beat(epoch, learn);
    takeTime();
  }

  private void takeTime() {
    lately = process.moment();
    process.after(period, this::takeTime);
  }

  private void beat(LongSupplier epoch, Consumer<Shard> learn) {
    Moment asked = hole == Hole.CACHED_CLOCK ? process.moment() : now();
    log.ask(
        process,
        epoch.getAsLong(),
        newest ->
            process.after(process.world().between(0, 200), () -> answered(asked, newest, learn)));
    process.after(period / 6, () -> beat(epoch, learn));
  }

  private void answered(Moment asked, Shard newest, Consumer<Shard> learn) {
    learn.accept(newest);
    lease.granted(hole == Hole.LEASE_FROM_ARRIVAL ? now() : asked);
  }
}
