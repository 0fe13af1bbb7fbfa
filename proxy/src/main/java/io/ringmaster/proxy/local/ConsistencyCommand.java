package io.ringmaster.proxy.local;

import static io.ringmaster.proxy.local.Words.keyword;

import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.codec.ReplyWriter;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.dispatch.CommandHandler;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.Preferences;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code KV.CONSISTENCY [READ level] [WRITE level]}: the levels of the connection's requests. It
 * answers those that hold now.
 */
public final class ConsistencyCommand {

  private final Supplier<Topology> topology;

  public ConsistencyCommand(Supplier<Topology> topology) {
    this.topology = topology;
  }

  /** The handler by command. */
  public Map<String, CommandHandler> handlers() {
    return Map.of("kv.consistency", LocalHandler.of(this::answer));
  }

  private void answer(ClientConnection client, RequestFrame request, ReplyWriter reply) {
    Optional<ReadLevel> read = Optional.empty();
    Optional<WriteLevel> write = Optional.empty();
    for (int i = 1; i < request.count(); i += 2) {
      String level = i + 1 < request.count() ? keyword(request, i + 1) : "";
      boolean isKnown =
          switch (keyword(request, i)) {
            case "READ" -> {
              read = named(ReadLevel.class, level);
              yield read.isPresent();
            }
            case "WRITE" -> {
              write = named(WriteLevel.class, level);
              yield write.isPresent();
            }
            default -> false;
          };
      if (!isKnown) {
        reply.error(Errors.SYNTAX);
        return;
      }
    }
    Preferences preferences = client.session().preferences();
    read.ifPresent(preferences::readLevel);
    write.ifPresent(preferences::writeLevel);
    Consistency levels = preferences.consistency(topology.get().defaultKeyspace().consistency());
    reply.map(2).bulk("read").bulk(lower(levels.read())).bulk("write").bulk(lower(levels.write()));
  }

  private static <E extends Enum<E>> Optional<E> named(Class<E> type, String name) {
    return Stream.of(type.getEnumConstants()).filter(level -> level.name().equals(name)).findAny();
  }

  private static String lower(Enum<?> level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
