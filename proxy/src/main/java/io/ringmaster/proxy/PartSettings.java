package io.ringmaster.proxy;

import io.netty.util.internal.PlatformDependent;
import io.ringmaster.cluster.control.ControllerSettings;
import io.ringmaster.cluster.control.DetectorSettings;
import io.ringmaster.cluster.control.EpochUsers.Login;
import io.ringmaster.cluster.replication.BarrierSettings;
import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.protocol.codec.RequestLimits;
import io.ringmaster.protocol.command.Access;
import io.ringmaster.proxy.backend.BackendSettings;
import io.ringmaster.proxy.backend.ConfiguredLogins;
import io.ringmaster.proxy.backend.Logins;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.dispatch.Flushes;
import io.ringmaster.proxy.frontend.ClientLimits;
import io.ringmaster.proxy.frontend.User;
import io.ringmaster.proxy.health.Fencing;
import io.ringmaster.proxy.health.ProbeSettings;
import io.ringmaster.proxy.local.Authenticator;
import io.ringmaster.proxy.local.HashedPasswords;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What each part is told of the configuration.
 *
 * @param settings all of it
 */
record PartSettings(Settings settings) {

  /** A process that stood still for longer has no opinion of others. */
  private static final int LONGEST_WAIT_MILLIS = 1000;

  private static final int STALL_MILLIS = 200;

  /**
   * Bytes that all clients together may occupy. Buffers are direct, what remembers them is on the
   * heap; both have other uses, and are never filled without gaps.
   */
  long memory() {
    long configured = settings.limits().memory();
    long most = Math.min(PlatformDependent.maxDirectMemory(), Runtime.getRuntime().maxMemory());
    return configured > 0 ? configured : most / 2;
  }

  ClientLimits clients() {
    Settings.Limits limits = settings.limits();
    Settings.Unauthenticated first = limits.unauthenticated();
    return new ClientLimits(
        new RequestLimits(
            limits.maxArguments(),
            limits.maxBulk(),
            (int) Math.min(limits.maxRequest(), memory() / 2),
            limits.maxInline(),
            false),
        new RequestLimits(
            first.maxArguments(),
            first.maxBulk(),
            first.maxArguments() * (first.maxBulk() + 32),
            limits.maxInline(),
            true),
        limits.commandsInFlight(),
        limits.bytesInFlight(),
        limits.unreadOutput(),
        first.maxOutput(),
        limits.unreadTime(),
        limits.idleTimeout(),
        limits.authenticationTimeout(),
        limits.requestTimeout());
  }

  BackendSettings backends() {
    Settings.Backend backend = settings.backend();
    return new BackendSettings(
        backend.connectTimeout(),
        backend.replyTimeout(),
        backend.reconnectMin(),
        backend.reconnectMax(),
        backend.queueCommands(),
        backend.queueBytes(),
        backend.queueTimeout(),
        new BackendSettings.Large(
            backend.large().from(), backend.large().connections(), backend.large().idle()));
  }

  /** As the configuration says, at all servers. */
  Logins configuredLogins() {
    String password = settings.backend().password().text();
    String user = settings.backend().username();
    Login login =
        password.isEmpty() ? null : new Login(user.isEmpty() ? "default" : user, password);
    return new ConfiguredLogins(login);
  }

  Authenticator authenticator() {
    return new HashedPasswords(
        settings.auth().users().stream()
            .collect(Collectors.toMap(PartSettings::user, Settings.User::passwordDigests)));
  }

  private static User user(Settings.User configured) {
    return new User(configured.name(), configured.admin() ? Access.ADMINISTRATOR : Access.USER);
  }

  BarrierSettings barriers() {
    Settings.Consistency consistency = settings.consistency();
    return new BarrierSettings(
        (int) consistency.replicaWait().toMillis(),
        (int) consistency.deadline().toMillis(),
        !isFenced(),
        marker());
  }

  DetectorSettings detector() {
    Settings.LeaderFailure failure = settings.coordinator().failure();
    long silentMillis = failure.silent().toMillis();
    long answered = Math.min(silentMillis, settings.backend().replyTimeout().toMillis() / 2);
    return new DetectorSettings(
        failure.refused().toMillis(),
        silentMillis,
        Math.clamp(answered, 1, LONGEST_WAIT_MILLIS),
        STALL_MILLIS);
  }

  ControllerSettings controller() {
    Settings.Coordinator coordinator = settings.coordinator();
    return new ControllerSettings(
        coordinator.adopt(), coordinator.outOfSyncAfter().toMillis(), coordinator.uncleanLeader());
  }

  Marker marker() {
    return new Marker(settings.backend().markerDatabase());
  }

  Flushes flushes() {
    return new Flushes(marker(), settings.backend().databases());
  }

  ProbeSettings probes() {
    return new ProbeSettings(
        settings.probe().interval(),
        settings.probe().timeout(),
        settings.consistency().staleness(),
        settings.server().announcedVersion(),
        settings.consistency().untestedVersions() == Settings.UntestedVersions.ALLOW,
        fencing(),
        marker(),
        settings.backend().databases(),
        settings.backend().username(),
        settings.backend().password().text());
  }

  /** What {@code CONFIG GET} tells of the proxy itself, which listens on {@code port}. */
  Map<String, String> parameters(int port) {
    Settings.Listen listen = settings.listen();
    Settings.Limits limits = settings.limits();
    return Map.ofEntries(
        Map.entry("bind", listen.host()),
        Map.entry("cluster-enabled", "no"),
        Map.entry("databases", "" + settings.backend().databases()),
        Map.entry("maxclients", "" + limits.maxClients()),
        Map.entry("port", "" + port),
        Map.entry("proto-max-bulk-len", "" + limits.maxBulk()),
        Map.entry("protected-mode", listen.protectedMode() ? "yes" : "no"),
        Map.entry("requirepass", ""),
        Map.entry("tcp-backlog", "" + listen.backlog()),
        Map.entry("tcp-keepalive", "" + listen.tcpKeepAlive().toSeconds()),
        Map.entry("timeout", "" + limits.idleTimeout().toSeconds()));
  }

  Fencing fencing() {
    Settings.Coordinator coordinator = settings.coordinator();
    if (!coordinator.enabled()) {
      return Fencing.NEEDLESS;
    }
    return coordinator.fence() ? Fencing.USERS : Fencing.MISSING;
  }

  /** Whether servers are taken over by a controller, and used by users of their epoch only. */
  boolean isFenced() {
    return fencing() == Fencing.USERS;
  }
}
