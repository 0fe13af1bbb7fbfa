package io.ringmaster.proxy.control;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.ringmaster.cluster.topology.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server how it is, over a connection that it keeps. Blocks; used by one control thread at
 * a time.
 */
final class NodeProber implements AutoCloseable {

  private final Node node;
  private final Fitness fitness;
  private final ProbeSettings settings;
  private final LongSupplier nanoClock;
  private final RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> connection;

  NodeProber(
      Node node,
      Fitness fitness,
      ProbeSettings settings,
      ClientResources resources,
      LongSupplier nanoClock) {
    this.node = node;
    this.fitness = fitness;
    this.nanoClock = nanoClock;
    this.settings = settings;
    RedisURI.Builder uri =
        RedisURI.builder()
            .withHost(node.id().host())
            .withPort(node.id().port())
            .withTimeout(settings.timeout());
    if (!settings.password().isEmpty()) {
      String user = settings.username().isEmpty() ? "default" : settings.username();
      uri.withAuthentication(user, settings.password().toCharArray());
    }
    this.client = RedisClient.create(resources, uri.build());
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .socketOptions(SocketOptions.builder().connectTimeout(settings.timeout()).build())
            .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
            .build());
  }

  /** The server's health now; {@code before} is what was known. */
  NodeHealth probe(NodeHealth before) {
    try {
      RedisCommands<String, String> commands = connect().sync();
      long started = nanoClock.getAsLong();
      commands.ping();
      long micros = TimeUnit.NANOSECONDS.toMicros(nanoClock.getAsLong() - started);
      Map<String, String> info = parse(commands.info());
      String role = String.valueOf(commands.role().getFirst());
      String unfit = node.isLeader() ? fitness.reason(info, commands.clientList()) : "";
      return healthy(info, role, smoothed(before.latencyMicros(), micros), unfit);
    } catch (RedisCommandExecutionException refusal) {
      String message = "" + refusal.getMessage();
      NodeHealth failed = before.failed(message);
      return message.startsWith("LOADING") ? loading(failed) : failed;
    } catch (RedisException failure) {
      close();
      return before.failed(rootMessage(failure));
    } catch (IllegalArgumentException | NoSuchElementException strange) {
      // Whatever listens there is no Redis server as we know it; the probes must go on.
      close();
      return before.failed("unexpected answer: " + strange.getMessage());
    }
  }

  private StatefulRedisConnection<String, String> connect() {
    StatefulRedisConnection<String, String> open = connection;
    if (open == null || !open.isOpen()) {
      open = client.connect();
      connection = open;
    }
    return open;
  }

  private static long smoothed(long before, long now) {
    return before == 0 ? now : before + (now - before) / 8;
  }

  private NodeHealth healthy(
      Map<String, String> info, String role, long latencyMicros, String unfit) {
    String version = info.getOrDefault("redis_version", "");
    boolean isReplica = role.equals("slave");
    String offset = isReplica ? "slave_repl_offset" : "master_repl_offset";
    return new NodeHealth(
        node,
        "1".equals(info.get("loading")) ? NodeState.LOADING : NodeState.UP,
        role,
        version,
        info.getOrDefault("run_id", ""),
        info.getOrDefault("master_link_status", ""),
        number(info.get(offset)),
        isReplica ? number(info.get("master_last_io_seconds_ago")) : -1,
        latencyMicros,
        number(info.get("used_memory")),
        OptionalLong.of(nanoClock.getAsLong()),
        mismatch(isReplica, version),
        unfit,
        "");
  }

  private NodeHealth loading(NodeHealth failed) {
    return new NodeHealth(
        failed.node(),
        NodeState.LOADING,
        failed.role(),
        failed.version(),
        failed.runId(),
        "",
        failed.offset(),
        -1,
        failed.latencyMicros(),
        failed.usedMemory(),
        OptionalLong.of(nanoClock.getAsLong()),
        "",
        failed.unfit(),
        failed.lastError());
  }

  private String mismatch(boolean isReplica, String version) {
    if (isReplica == node.isLeader()) {
      return node.isLeader()
          ? "configured as leader, but it is a replica"
          : "configured as replica, but it is a master";
    }
    return Versions.isOlder(version, settings.expectedVersion())
        ? "version " + version + " is older than the announced " + settings.expectedVersion()
        : "";
  }

  private static Map<String, String> parse(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
              }
            });
    return fields;
  }

  private static long number(@Nullable String text) {
    return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return "" + root.getMessage();
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
