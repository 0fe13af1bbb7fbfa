package io.ringmaster.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.admin.Administration;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.failure.StartException;
import io.ringmaster.proxy.frontend.Frontends;
import io.ringmaster.proxy.http.HttpEndpoint;
import io.ringmaster.proxy.local.ServerFacts;
import io.ringmaster.proxy.loop.Addresses;
import io.ringmaster.proxy.loop.SystemClock;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.Departure;
import io.ringmaster.proxy.metadata.Heartbeats;
import io.ringmaster.proxy.metrics.LazyMetrics;
import io.ringmaster.proxy.metrics.Metrics;
import io.ringmaster.proxy.verify.Verifier;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running proxy. Builds all its parts from the settings, and stops them in order. */
public final class ProxyServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  private final Settings settings;
  private final ServerContext context;
  private final ConfigGroup configGroup;
  private final Adoption adoption;
  private final DataPlane data;
  private final ControlPlane control;
  private final ClientListener listener;
  private final Verifier verifier;
  private final Optional<HttpEndpoint> http;
  private final Administration administration;
  private final Heartbeats heartbeats;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private volatile String departed = "";
  private volatile Topology topology;

  /**
   * Starts a proxy and waits until it accepts connections.
   *
   * @throws StartException if it cannot listen, or the config group cannot agree
   */
  public static ProxyServer start(Settings settings) {
    return start(settings, PooledByteBufAllocator.DEFAULT);
  }

  /** The same, where buffers come from {@code allocator}. */
  public static ProxyServer start(Settings settings, ByteBufAllocator allocator) {
    ConfigGroup configGroup = ConfigGroups.start(settings);
    try {
      return new ProxyServer(settings, allocator, configGroup);
    } catch (RuntimeException e) {
      configGroup.close();
      throw e;
    }
  }

  private ProxyServer(Settings settings, ByteBufAllocator allocator, ConfigGroup configGroup) {
    Clock clock = new SystemClock();
    this.settings = settings;
    this.configGroup = configGroup;
    this.topology = configGroup.topology();
    this.adoption = new Adoption(topology);
    this.context = ServerContext.of(settings, allocator, clock, () -> topology);
    this.verifier =
        new Verifier(
            context.topology(), context.parts().probes(), settings.verify().keysPerSecond());
    this.data = new DataPlane(context);
    this.listener = listener();
    this.http = settings.http().enabled() ? Optional.of(http()) : Optional.empty();
    this.control =
        context
            .users()
            .<ControlPlane>map(users -> new ControlLoop(context, users, configGroup))
            .orElseGet(ControlPlane.None::new);
    this.administration = serve(facts());
    control.start();
    context.health().start();
    configGroup.subscribe(this::publish);
    Lease lease = context.lease();
    this.heartbeats =
        Heartbeats.start(configGroup, clock, settings.coordinator().heartbeat(), lease::granted);
    data.onDrained(heartbeats::drained);
    control.detectFailures(heartbeats);
    configGroup.departure().thenAccept(this::leave);
    accept();
  }

  private ClientListener listener() {
    try {
      return new ClientListener(context, data);
    } catch (StartException e) {
      data.close();
      throw e;
    }
  }

  private Administration serve(ServerFacts facts) {
    Administration admin =
        new Administration(
            context.topology(),
            () -> status(facts),
            context.health(),
            configGroup,
            context.lease()::isHeld,
            verifier);
    Handlers handlers = new Handlers(context, facts, new Frontends(data.frontends()), admin);
    data.loops().forEach(handlers::serve);
    return admin;
  }

  private void accept() {
    if (settings.coordinator().adopt()) {
      adoption.await(settings.coordinator().startTimeout());
    }
    listener.accept();
    String where = Addresses.text(address());
    LOG.info("listening on {} in front of {} shards", where, topology.shards().size());
  }

  /** Requests that have begun keep the topology that they began with. */
  private void publish(Topology next) {
    topology = next;
    data.publish(next);
    control.publish(next);
    context.health().publish(next);
    administration.follow(next);
    adoption.follow(next);
  }

  /**
   * Its topology gets old, and will not be renewed: clients are to go on to another coordinator.
   */
  private void leave(Departure departure) {
    departed = departure.text();
    LOG.error("clients are sent away: {}", departed);
    String error = "CLUSTERDOWN " + departure.reason() + "; connect to another one";
    data.sendAway(error);
  }

  private HttpEndpoint http() {
    Checks checks = new Checks(context, data, this::accepting, this::membership);
    return new HttpEndpoint(
        settings.http().host(),
        settings.http().port(),
        new LazyMetrics(
            () ->
                new Metrics(
                    data.loops().stream().map(ClientLoop::counters).toList(),
                    data.memory(),
                    context.health()::health,
                    context.topology(),
                    configGroup::view,
                    context.lease()::isHeld)),
        checks.live(),
        checks.ready());
  }

  private String accepting() {
    return stopping.get() ? "stopping" : listener.isAccepting() ? "" : "starting";
  }

  private String membership() {
    if (!departed.isEmpty()) {
      return departed;
    }
    return settings.coordinator().enabled() && !configGroup.view().isMember()
        ? "it is no member of the group of coordinators"
        : "";
  }

  private Map<String, Object> status(ServerFacts facts) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("coordinators", Math.max(1, configGroup.view().members().size()));
    status.put("clients", listener.clients());
    status.put("uptime-seconds", facts.uptimeSeconds());
    status.put("version", facts.version());
    return status;
  }

  private static String version() {
    String version = ProxyServer.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private ServerFacts facts() {
    byte[] runId = new byte[20];
    new SecureRandom().nextBytes(runId);
    return new ServerFacts(
        version(),
        settings.server().announcedVersion(),
        HexFormat.of().formatHex(runId),
        address().getPort(),
        System.nanoTime(),
        settings.limits().maxClients());
  }

  /** Where clients connect. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /**
   * Accepts no more, lets requests in flight end within the configured time, then closes
   * everything.
   */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    listener.close();
    data.drain();
    listener.awaitClients(settings.shutdown().drain());
    data.disconnect();
    heartbeats.close();
    control.stop();
    configGroup.close();
    control.close();
    verifier.close();
    context.health().close();
    http.ifPresent(HttpEndpoint::close);
    data.close();
  }
}
