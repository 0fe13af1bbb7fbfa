package io.ringmaster.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.backend.Logins;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.health.HealthMonitor;
import io.ringmaster.proxy.local.Authenticator;
import io.ringmaster.proxy.loop.KeepAlive;
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

  /** Returns the whole configuration. */
  Settings settings() {
    return parts.settings();
  }
}
