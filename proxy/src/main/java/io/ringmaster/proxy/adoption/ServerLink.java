package io.ringmaster.proxy.adoption;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.ringmaster.cluster.topology.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A connection to one server, for any command. */
final class ServerLink implements AutoCloseable {

  private final NodeId node;
  private final StatefulRedisConnection<String, String> connection;

  ServerLink(NodeId node, StatefulRedisConnection<String, String> connection) {
    this.node = node;
    this.connection = connection;
  }

  private record Name(String text) implements ProtocolKeyword {

    @Override
    public byte[] getBytes() {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  NodeId node() {
    return node;
  }

  /**
   * The elements of the reply; one element, if it is no array.
   *
   * @throws RedisException if it does not answer, or with an error
   */
  List<Object> ask(String... words) {
    StringCodec codec = StringCodec.UTF8;
    CommandArgs<String, String> arguments = new CommandArgs<>(codec);
    Arrays.stream(words).skip(1).forEach(arguments::add);
    return connection
        .sync()
        .dispatch(new Name(words[0]), new NestedMultiOutput<>(codec), arguments);
  }

  /** The reply as text; empty if there is none. */
  String text(String... words) {
    List<Object> reply = ask(words);
    return reply.isEmpty() ? "" : Objects.toString(reply.getFirst(), "");
  }

  /** The elements of the reply as texts. */
  List<String> texts(String... words) {
    return ask(words).stream().map(element -> Objects.toString(element, "")).toList();
  }

  @Override
  public void close() {
    connection.closeAsync();
  }
}
