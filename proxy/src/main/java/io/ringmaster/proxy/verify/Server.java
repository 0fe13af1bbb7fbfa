package io.ringmaster.proxy.verify;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.InfoFields;
import io.ringmaster.proxy.health.LettuceFailures;
import io.ringmaster.proxy.health.ProbeSettings;
import io.ringmaster.proxy.health.ServerClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A connection to one server. Blocks; texts have each byte as one character. */
final class Server implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final RedisCodec<String, String> BYTES =
      new StringCodec(StandardCharsets.ISO_8859_1);

  private static final Pattern DATABASE = Pattern.compile("db(\\d+)");
  private static final Pattern KEYS = Pattern.compile("keys=(\\d+)");

  private final NodeId node;
  private final StatefulRedisConnection<String, String> connection;

  private Server(NodeId node, StatefulRedisConnection<String, String> connection) {
    this.node = node;
    this.connection = connection;
  }

  /**
   * Connects.
   *
   * @throws ServerFailure if that cannot be done
   */
  static Server connect(NodeId node, ProbeSettings settings, ClientResources resources) {
    RedisClient client = RedisClient.create(resources, settings.uri(node));
    client.setOptions(
        ServerClients.options(settings.timeout(), PATIENCE)
            .protocolVersion(ProtocolVersion.RESP2)
            .build());
    try {
      StatefulRedisConnection<String, String> connection = client.connect(BYTES);
      connection.setTimeout(PATIENCE);
      Server server = new Server(node, connection);
      server.leaveAccessTimes();
      return server;
    } catch (RedisException failure) {
      throw new ServerFailure(node, LettuceFailures.reason(failure));
    }
  }

  NodeId node() {
    return node;
  }

  /** Known since Redis 7.2 only; before, looking at a key counts as using it. */
  private void leaveAccessTimes() {
    try {
      ask(CommandType.CLIENT, "NO-TOUCH", "ON");
    } catch (ServerFailure unknown) {
      // It makes no difference to the comparison.
    }
  }

  /**
   * The elements of its answer, or the answer itself as the only one.
   *
   * @throws ServerFailure if it is an error, or there is none
   */
  List<@Nullable Object> ask(CommandType command, String... arguments) {
    CommandArgs<String, String> encoded = new CommandArgs<>(BYTES);
    for (String argument : arguments) {
      encoded.addKey(argument);
    }
    try {
      return connection.sync().dispatch(command, new NestedMultiOutput<>(BYTES), encoded);
    } catch (RedisCommandExecutionException refusal) {
      throw new ServerFailure(node, command + ": " + refusal.getMessage());
    } catch (RedisException failure) {
      throw new ServerFailure(node, LettuceFailures.reason(failure));
    }
  }

  Map<String, String> info(String section) {
    return InfoFields.parse(String.valueOf(ask(CommandType.INFO, section).getFirst()));
  }

  void select(int database) {
    ask(CommandType.SELECT, "" + database);
  }

  /** The databases that hold keys, and how many. */
  Map<Integer, Long> databases() {
    Map<Integer, Long> keys = new TreeMap<>();
    info("keyspace")
        .forEach(
            (field, value) -> {
              Matcher number = DATABASE.matcher(field);
              Matcher count = KEYS.matcher(value);
              if (number.matches() && count.find()) {
                keys.put(Integer.valueOf(number.group(1)), Long.valueOf(count.group(1)));
              }
            });
    return keys;
  }

  @Override
  public void close() {
    connection.close();
  }
}
