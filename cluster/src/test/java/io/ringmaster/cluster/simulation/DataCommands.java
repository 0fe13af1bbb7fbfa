package io.ringmaster.cluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The commands on data that simulated servers know. */
final class DataCommands {

  private static final Set<String> WRITES =
      Set.of("SET", "CREATE", "INCR", "DEL", "HSET", "FLUSHALL");

  private DataCommands() {}

  static boolean writes(Words request) {
    return request.name().equals("EVAL")
        ? Scripts.writes(request.word(1))
        : WRITES.contains(request.name());
  }

  static Outcome run(Words request, Database database) {
    return switch (request.name()) {
      case "GET" -> Outcome.of(bulk(database.string(request.word(1))));
      case "HGET" -> Outcome.of(bulk(database.hash(request.word(1)).get(request.word(2))));
      case "HMGET" -> fields(request, database);
      case "SET" ->
          new Outcome(SimulatedReply.OK, new Effect.Put(request.word(1), request.word(2)));
      case "CREATE" ->
          database.string(request.word(1)) == null
              ? new Outcome(SimulatedReply.OK, new Effect.Put(request.word(1), request.word(2)))
              : Outcome.of(SimulatedReply.error("BUSYGROUP it exists already"));
      case "INCR" -> increment(request.word(1), database);
      case "DEL" -> delete(request.word(1), database);
      case "HSET" -> putField(request, database);
      case "FLUSHALL" -> new Outcome(SimulatedReply.OK, new Effect.Clear());
      case "EVAL" -> Scripts.run(request, database);
      default -> throw new IllegalStateException("unknown command " + request);
    };
  }

  private static Outcome fields(Words request, Database database) {
    Map<String, String> hash = database.hash(request.word(1));
    List<String> names = request.words().subList(2, request.count());
    return Outcome.of(
        SimulatedReply.array(names.stream().map(name -> bulk(hash.get(name))).toList()));
  }

  private static SimulatedReply bulk(@Nullable String text) {
    return text == null ? SimulatedReply.NIL : SimulatedReply.bulk(text);
  }

  private static Outcome increment(String key, Database database) {
    String present = database.string(key);
    long value = (present == null ? 0 : Long.parseLong(present)) + 1;
    return new Outcome(SimulatedReply.number(value), new Effect.Put(key, "" + value));
  }

  private static Outcome delete(String key, Database database) {
    if (database.string(key) == null) {
      return Outcome.of(SimulatedReply.number(0));
    }
    return new Outcome(SimulatedReply.number(1), new Effect.Put(key, null));
  }

  private static Outcome putField(Words request, Database database) {
    Map<String, String> fields = new TreeMap<>(database.hash(request.word(1)));
    boolean fresh = fields.put(request.word(2), request.word(3)) == null;
    return new Outcome(
        SimulatedReply.number(fresh ? 1 : 0), new Effect.PutHash(request.word(1), fields));
  }
}
