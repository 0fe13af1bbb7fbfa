package io.ringmaster.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.command.Access;
import io.ringmaster.protocol.command.CommandTable;
import io.ringmaster.proxy.admin.Administration;
import io.ringmaster.proxy.backend.Logins;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Dispatcher;
import io.ringmaster.proxy.dispatch.Router;
import io.ringmaster.proxy.dispatch.ScriptCache;
import io.ringmaster.proxy.dispatch.WaitHandler;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.failure.StartException;
import io.ringmaster.proxy.frontend.Frontends;
import io.ringmaster.proxy.frontend.User;
import io.ringmaster.proxy.health.HealthMonitor;
import io.ringmaster.proxy.http.Check;
import io.ringmaster.proxy.http.HttpEndpoint;
import io.ringmaster.proxy.local.Authenticator;
import io.ringmaster.proxy.local.BriefHandler;
import io.ringmaster.proxy.local.ClientCommands;
import io.ringmaster.proxy.local.CommandCommands;
import io.ringmaster.proxy.local.ConfigCommand;
import io.ringmaster.proxy.local.ConnectionCommands;
import io.ringmaster.proxy.local.ConsistencyCommand;
import io.ringmaster.proxy.local.HashedPasswords;
import io.ringmaster.proxy.local.ServerCommands;
import io.ringmaster.proxy.local.ServerFacts;
import io.ringmaster.proxy.loop.Addresses;
import io.ringmaster.proxy.loop.KeepAlive;
import io.ringmaster.proxy.loop.SystemClock;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.Departure;
import io.ringmaster.proxy.metadata.Heartbeats;
import io.ringmaster.proxy.metrics.LazyMetrics;
import io.ringmaster.proxy.metrics.Metrics;
import io.ringmaster.proxy.verify.Verifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running proxy. Builds all its parts from the settings, and stops them in order. */
public final class ProxyServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  private static final Duration CLOCK_JUMP = Duration.ofMillis(200);

  private final Settings settings;
  private final PartSettings parts;
  private final ConfigGroup configGroup;
  private final DataPlane data;
  private final Administration administration;
  private final HealthMonitor control;
  private final Verifier verifier;
  private final Logins logins;
  private final Clock clock = new SystemClock();
  private final Lease lease;
  private final @Nullable ControlLoop controlLoop;
  private final @Nullable HttpEndpoint http;
  private final Adoption adoption;
  private volatile boolean accepting;
  private volatile boolean stopping;
  private volatile String departed = "";
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;
  private final Heartbeats heartbeats;
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
    this.settings = settings;
    this.parts = new PartSettings(settings);
    this.configGroup = configGroup;
    this.topology = configGroup.topology();
    this.adoption = new Adoption(topology);
    KeepAlive keepAlive = new KeepAlive(settings.listen().tcpKeepAlive());
    Transport transport = Transport.of(settings.listen().transport(), keepAlive, allocator);
    EpochUsers users =
        parts.isFenced() ? new EpochUsers(settings.coordinator().secret().text()) : null;
    this.lease =
        users == null ? Lease.ALWAYS : new Lease(clock, settings.coordinator().lease(), CLOCK_JUMP);
    Logins configured = parts.configuredLogins();
    this.logins = users == null ? configured : new EpochLogins(() -> topology, users, configured);
    CommandTable table = CommandTable.load();
    Authenticator authenticator = authenticator();
    this.control = new HealthMonitor(topology, parts.probes());
    this.verifier = new Verifier(() -> topology, parts.probes(), settings.verify().keysPerSecond());
    User atStart = authenticator.isNeeded() ? User.UNKNOWN : User.UNRESTRICTED;
    this.data = new DataPlane(parts, transport, atStart, logins, control, lease, () -> topology);
    this.listener = listen(transport, keepAlive, authenticator);
    this.http = settings.http().enabled() ? http() : null;
    this.controlLoop = users == null ? null : controlLoop(transport, users);
    ServerFacts facts = facts();
    this.administration =
        new Administration(
            () -> topology, () -> status(facts), control, configGroup, lease::isHeld, verifier);
    serve(table, authenticator, facts);
    control.start();
    configGroup.subscribe(this::publish);
    this.heartbeats =
        Heartbeats.start(configGroup, clock, settings.coordinator().heartbeat(), lease::granted);
    data.onDrained(heartbeats::drained);
    if (controlLoop != null) {
      controlLoop.detectFailures(heartbeats);
    }
    configGroup.departure().thenAccept(this::leave);
    if (settings.coordinator().adopt()) {
      adoption.await(settings.coordinator().startTimeout());
    }
    listener.config().setAutoRead(true);
    accepting = true;
    LOG.info(
        "listening on {} in front of {} shards",
        Addresses.text(address()),
        topology.shards().size());
  }

  /** Requests that have begun keep the topology that they began with. */
  private void publish(Topology next) {
    topology = next;
    data.publish(next);
    if (controlLoop != null) {
      controlLoop.publish(next);
    }
    control.publish(next);
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

  private ControlLoop controlLoop(Transport transport, EpochUsers users) {
    ControlLoop created =
        new ControlLoop(
            transport,
            configGroup,
            parts.controller(),
            users,
            logins,
            parts.backends(),
            parts.barriers(),
            parts.detector(),
            control);
    created.start();
    return created;
  }

  private Authenticator authenticator() {
    return new HashedPasswords(
        settings.auth().users().stream()
            .collect(Collectors.toMap(ProxyServer::user, Settings.User::passwordDigests)));
  }

  private static User user(Settings.User configured) {
    return new User(configured.name(), configured.admin() ? Access.ADMINISTRATOR : Access.USER);
  }

  private HttpEndpoint http() {
    return new HttpEndpoint(
        settings.http().host(),
        settings.http().port(),
        new LazyMetrics(
            () ->
                new Metrics(
                    data.loops().stream().map(ClientLoop::counters).toList(),
                    data.memory(),
                    control::health,
                    () -> topology,
                    configGroup::view,
                    lease::isHeld)),
        live(),
        ready());
  }

  /**
   * What a restart would mend. Servers that are down are nothing of that: an orchestrator would
   * restart all proxies, which were well.
   */
  private List<Check> live() {
    Duration limit = settings.http().stallLimit();
    return List.of(
        Check.ofAll("loops", () -> eachLoop(pulse -> pulse.stalled(limit))),
        Check.ofAll("memory", () -> eachLoop(pulse -> pulse.memoryless(limit))),
        Check.ofAll("servers", () -> eachLoop(pulse -> pulse.deaf(limit, control::isUp))));
  }

  private Map<String, String> eachLoop(Function<Pulse, String> question) {
    Map<String, String> answers = new LinkedHashMap<>();
    List<ClientLoop> loops = data.loops();
    for (int i = 0; i < loops.size(); i++) {
      answers.put("loop " + i, question.apply(loops.get(i).pulse()));
    }
    return answers;
  }

  /** What it takes to serve clients. */
  private List<Check> ready() {
    return List.of(
        Check.of("clients", () -> stopping ? "stopping" : accepting ? "" : "starting"),
        Check.of("coordinator", () -> departed.isEmpty() ? exclusion() : departed),
        new Readiness(() -> topology, control::health, settings.http().ready()));
  }

  private String exclusion() {
    return settings.coordinator().enabled() && !configGroup.view().isMember()
        ? "it is no member of the group of coordinators"
        : "";
  }

  private Map<String, Object> status(ServerFacts facts) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("coordinators", Math.max(1, configGroup.view().members().size()));
    status.put("clients", clients.size());
    status.put("uptime-seconds", facts.uptimeSeconds());
    status.put("version", facts.version());
    return status;
  }

  private void serve(CommandTable table, Authenticator authenticator, ServerFacts facts) {
    Frontends all = new Frontends(data.frontends());
    ScriptCache scripts = new ScriptCache(settings.backend().scriptCache());
    for (ClientLoop each : data.loops()) {
      Router router = each.router();
      Map<String, CommandHandler> own = new HashMap<>();
      own.putAll(new ConnectionCommands(authenticator, facts.announcedVersion()).handlers());
      own.putAll(new ClientCommands(all).handlers());
      own.putAll(new CommandCommands(table).handlers());
      own.putAll(new ServerCommands(router, all, facts).handlers());
      own.putAll(
          new ConfigCommand(router, control::configuration, parts.parameters(facts.port()))
              .handlers());
      own.putAll(new ConsistencyCommand(() -> topology).handlers());
      own.put("wait", new WaitHandler(router::topology, each.replicas()));
      own.putAll(administration.handlers());
      own.replaceAll(BriefHandler::of);
      each.frontend()
          .sink(
              new Dispatcher(
                  table,
                  router,
                  each.parked(),
                  scripts,
                  parts.flushes(),
                  own,
                  settings.auth().adminCommands()));
    }
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

  /** Binds, but accepts nobody yet. */
  private Channel listen(Transport transport, KeepAlive keepAlive, Authenticator authenticator) {
    Settings.Listen listen = settings.listen();
    int bytes = settings.limits().bytesInFlight();
    boolean loopbackOnly = listen.protectedMode() && !authenticator.isNeeded();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(data.group())
            .channelFactory(transport.servers())
            .option(ChannelOption.SO_BACKLOG, listen.backlog())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOCATOR, transport.allocator())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(bytes / 4, bytes / 2))
            .childHandler(
                new ClientAcceptor(
                    data.frontends(),
                    clients,
                    keepAlive,
                    loopbackOnly,
                    settings.limits().maxClients()));
    try {
      return bootstrap
          .bind(InetAddress.getByName(listen.host()), listen.port())
          .syncUninterruptibly()
          .channel();
    } catch (RuntimeException | IOException failure) {
      data.group().shutdownGracefully(0, 0, TimeUnit.SECONDS);
      String where = listen.host() + ":" + listen.port();
      throw new StartException(
          "cannot listen on " + where + ": " + NetworkFailures.reason(failure), failure);
    }
  }

  /** Where clients connect. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /**
   * Accepts no more, lets requests in flight end within the configured time, then closes
   * everything.
   */
  @Override
  public void close() {
    if (data.group().isShuttingDown()) {
      return;
    }
    stopping = true;
    listener.close().syncUninterruptibly();
    data.drain();
    long drainMillis = settings.shutdown().drain().toMillis();
    if (!clients.newCloseFuture().awaitUninterruptibly(drainMillis)) {
      LOG.warn("closing {} clients that are still busy", clients.size());
      clients.close().awaitUninterruptibly();
    }
    data.close();
    heartbeats.close();
    if (controlLoop != null) {
      controlLoop.stop();
    }
    configGroup.close();
    if (controlLoop != null) {
      controlLoop.close();
    }
    verifier.close();
    control.close();
    if (http != null) {
      http.close();
    }
    data.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
