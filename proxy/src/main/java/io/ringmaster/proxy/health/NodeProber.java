package io.ringmaster.proxy.health;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.InfoFields;
import io.ringmaster.protocol.OwnRequest;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one server how it is, over a connection that it keeps. Blocks; used by one control thread at
 * a time.
 */
final class NodeProber implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeProber.class);
  private static final StringCodec TEXT = StringCodec.UTF8;

  private final Eligibility eligibility;
  private final ProbeSettings settings;
  private final LongSupplier nanoClock;
  private final RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> connection;
  private Map<String, String> configuration = Map.of();

  NodeProber(
      NodeId node,
      Eligibility eligibility,
      ProbeSettings settings,
      ClientResources resources,
      LongSupplier nanoClock) {
    this.eligibility = eligibility;
    this.nanoClock = nanoClock;
    this.settings = settings;
    this.client = RedisClient.create(resources, settings.uri(node));
    client.setOptions(ServerClients.options(settings.timeout(), settings.timeout()).build());
  }

  /** The server's health now; {@code before} is what was known. */
  NodeHealth probe(NodeHealth before) {
    try {
      StatefulRedisConnection<String, String> open = connect();
      long micros = ping(open);
      return healthy(
          before, ask(open, before.node().isLeader()), smoothed(before.latencyMicros(), micros));
    } catch (RedisCommandExecutionException refusal) {
      String message = "" + refusal.getMessage();
      return message.startsWith("LOADING")
          ? before.loading(message, nanoClock.getAsLong())
          : before.failed(message);
    } catch (RedisException failure) {
      close();
      return before.failed(LettuceFailures.reason(failure));
    } catch (IllegalArgumentException | NoSuchElementException strange) {
      // Whatever listens there is no Redis server as we know it; the probes must go on.
      close();
      LOG.debug("unexpected answer from {}", before.node().id(), strange);
      return before.failed("it answers what no Redis server does");
    }
  }

  /** What clients may see of its configuration, as it last told; empty if it does not tell. */
  Map<String, String> configuration() {
    return configuration;
  }

  private StatefulRedisConnection<String, String> connect() {
    StatefulRedisConnection<String, String> open = connection;
    if (open == null || !open.isOpen()) {
      open = client.connect();
      open.setAutoFlushCommands(false);
      connection = open;
    }
    return open;
  }

  /** How long the answer took, in microseconds. */
  private long ping(StatefulRedisConnection<String, String> open) {
    long started = nanoClock.getAsLong();
    RedisFuture<String> ping = open.async().ping();
    open.flushCommands();
    // A replica without its master refuses even this, but it does answer.
    tried(ping, "MASTERDOWN", "");
    return TimeUnit.NANOSECONDS.toMicros(nanoClock.getAsLong() - started);
  }

  private record Answers(Eligibility.Facts facts, String role, Optional<MarkerPosition> marker) {}

  private Answers ask(StatefulRedisConnection<String, String> open, boolean leads) {
    RedisAsyncCommands<String, String> commands = open.async();
    // In one piece, so that offset and marker are of the same moment.
    RedisFuture<String> info = commands.info();
    RedisFuture<String> marker =
        commands.dispatch(CommandType.EVAL, new ValueOutput<>(TEXT), read());
    RedisFuture<List<Object>> role = commands.role();
    RedisFuture<Map<String, String>> parameters = commands.configGet("*");
    RedisFuture<String> clients = leads ? commands.clientList() : null;
    open.flushCommands();
    Map<String, String> known = tried(parameters, "", Map.of());
    configuration = ServerParameters.withoutSecrets(known);
    Map<String, String> fields = InfoFields.parse(answered(info));
    return new Answers(
        new Eligibility.Facts(fields, known, clients == null ? "" : answered(clients)),
        String.valueOf(answered(role).getFirst()),
        position(tried(marker, "", "")));
  }

  private CommandArgs<String, String> read() {
    OwnRequest request = settings.marker().read();
    CommandArgs<String, String> arguments = new CommandArgs<>(TEXT);
    for (int i = 1; i < request.count(); i++) {
      arguments.add(request.bytes(i));
    }
    return arguments;
  }

  private static Optional<MarkerPosition> position(String marker) {
    return marker.isEmpty() ? Optional.empty() : Optional.of(MarkerPosition.parse(marker));
  }

  private <T> T answered(RedisFuture<T> command) {
    T answer =
        LettuceFutures.awaitOrCancel(command, settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
    return Objects.requireNonNull(answer);
  }

  /** What it answers, or {@code otherwise} if it refuses with an error that begins so. */
  private <T> T tried(RedisFuture<T> command, String error, T otherwise) {
    try {
      return answered(command);
    } catch (RedisCommandExecutionException refusal) {
      if (("" + refusal.getMessage()).startsWith(error)) {
        return otherwise;
      }
      throw refusal;
    }
  }

  private static long smoothed(long before, long now) {
    return before == 0 ? now : before + (now - before) / 8;
  }

  private NodeHealth healthy(NodeHealth before, Answers answers, long latencyMicros) {
    Eligibility.Facts facts = answers.facts();
    Map<String, String> info = facts.info();
    boolean leads = before.node().isLeader();
    String version = info.getOrDefault("redis_version", "");
    return new NodeHealth(
        before.node(),
        "1".equals(info.get("loading")) ? NodeState.LOADING : NodeState.UP,
        version,
        info.getOrDefault("run_id", ""),
        replication(answers),
        before.replication(),
        Eligibility.syncsEachWrite(facts),
        before.lostData(),
        latencyMicros,
        number(info.get("used_memory")),
        OptionalLong.of(nanoClock.getAsLong()),
        mismatch(answers.role().equals("slave"), leads, version),
        eligibility.reason(facts, leads),
        eligibility.warning(facts, leads),
        "");
  }

  private static ReplicationState replication(Answers answers) {
    Map<String, String> info = answers.facts().info();
    boolean isReplica = answers.role().equals("slave");
    return new ReplicationState(
        answers.role(),
        info.getOrDefault("master_link_status", ""),
        isReplica ? number(info.get("master_last_io_seconds_ago")) : -1,
        info.getOrDefault("master_replid", ""),
        number(info.get(isReplica ? "slave_repl_offset" : "master_repl_offset")),
        answers.marker());
  }

  private String mismatch(boolean isReplica, boolean leads, String version) {
    if (isReplica == leads) {
      return leads
          ? "configured as leader, but it is a replica"
          : "configured as replica, but it is a master";
    }
    return Versions.isOlder(version, settings.expectedVersion())
        ? "version " + version + " is older than the announced " + settings.expectedVersion()
        : "";
  }

  private static long number(@Nullable String text) {
    return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
  }

  @Override
  public void close() {
    StatefulRedisConnection<String, String> open = connection;
    connection = null;
    if (open != null) {
      open.closeAsync();
    }
  }
}
