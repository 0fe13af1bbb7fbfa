package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Clock.Moment;
import io.ringmaster.cluster.topology.Topology;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Has a proxy's lease renewed, from one start of the proxy to its end. */
final class Renewal {

  private final SimulatedProcess process;
  private final ConfigLog log;
  private final Hole hole;
  private final long period;
  private final Supplier<Report> report;
  private final Consumer<Topology> learn;
  private final Lease lease;
  private Moment lately;

  /**
   * @param period in microseconds
   * @param report what the proxy says with each heartbeat
   * @param learn makes it known to the proxy
   */
  Renewal(
      SimulatedProcess process,
      ConfigLog log,
      long period,
      Hole hole,
      Supplier<Report> report,
      Consumer<Topology> learn) {
    this.report = report;
    this.learn = learn;
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

  void start() {
    beat();
    takeTime();
  }

  private void takeTime() {
    lately = process.moment();
    process.after(period, this::takeTime);
  }

  private void beat() {
    ask();
    process.after(period / 6, this::beat);
  }

  /** Tells what the proxy knows, and hears how the shard is. */
  void ask() {
    Moment asked = hole == Hole.CACHED_CLOCK ? process.moment() : now();
    log.ask(
        process,
        report.get(),
        newest -> process.after(process.world().between(0, 200), () -> answered(asked, newest)));
  }

  private void answered(Moment asked, Topology newest) {
    learn.accept(newest);
    lease.granted(hole == Hole.LEASE_FROM_ARRIVAL ? now() : asked);
  }
}
