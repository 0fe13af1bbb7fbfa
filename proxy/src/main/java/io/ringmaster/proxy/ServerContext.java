package io.ringmaster.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.backend.BackendPool;
import io.ringmaster.proxy.backend.Logins;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.health.HealthMonitor;
import io.ringmaster.proxy.local.Authenticator;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.KeepAlive;
import io.ringmaster.proxy.loop.LoopScheduler;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metrics.LoopCounters;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the parts of a proxy share.
 *
 * @param parts what each is told of the configuration
 * @param transport how all connect and listen
 * @param users those of each epoch at the servers; none where nobody is fenced
 * @param lease until when the proxy may answer by what a leader alone says
 * @param logins as whom the servers are asked
 * @param authenticator who of the clients may do what
 * @param health what is known of the servers
 * @param topology the newest that this process knows
 */
record ServerContext(
    PartSettings parts,
    Transport transport,
    Optional<EpochUsers> users,
    Lease lease,
    Logins logins,
    Authenticator authenticator,
    HealthMonitor health,
    Supplier<Topology> topology) {

  private static final Duration CLOCK_JUMP = Duration.ofMillis(200);

  static ServerContext of(
      Settings settings, ByteBufAllocator allocator, Clock clock, Supplier<Topology> topology) {
    PartSettings parts = new PartSettings(settings);
    Settings.Coordinator coordinator = settings.coordinator();
    Logins configured = parts.configuredLogins();
    Optional<EpochUsers> users =
        parts.isFenced()
            ? Optional.of(new EpochUsers(coordinator.secret().text()))
            : Optional.empty();
    return new ServerContext(
        parts,
        Transport.of(
            settings.listen().transport(),
            new KeepAlive(settings.listen().tcpKeepAlive()),
            allocator),
        users,
        users.isPresent() ? new Lease(clock, coordinator.lease(), CLOCK_JUMP) : Lease.ALWAYS,
        users.<Logins>map(epoch -> new EpochLogins(topology, epoch, configured)).orElse(configured),
        parts.authenticator(),
        new HealthMonitor(topology.get(), parts.probes()),
        topology);
  }

  /** Returns a loop on {@code eventLoop}, whose buffers count in {@code memory}. */
  DataLoop loop(EventLoop eventLoop, MemoryBudget memory, LoopCounters counters) {
    return new DataLoop(eventLoop, transport.allocator(), memory, new Faults(counters::faulty));
  }

  /** Returns the connections of {@code loop} to the servers. */
  BackendPool backends(DataLoop loop, LoopCounters counters) {
    return new BackendPool(loop, transport.sockets(), parts.backends(), logins, counters);
  }

  /**
   * Returns the policy of one loop.
   *
   * @param until how long it may answer by what a leader alone says
   * @param known the newest topology
   */
  LeaderPolicy leaderPolicy(
      BackendPool backends,
      LoopScheduler scheduler,
      LoopCounters counters,
      Lease until,
      Supplier<Topology> known) {
    return new LeaderPolicy(backends, scheduler, parts.barriers(), counters, health, until, known);
  }

  /** Returns the whole configuration. */
  Settings settings() {
    return parts.settings();
  }
}
