package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.protocol.OwnRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The scripts that simulated servers know, by their text. */
final class Scripts {

  private static final Marker MARKER = SimulatedServer.MARKER;
  private static final String ADVANCE = text(MARKER.advance(1));
  private static final String BEGIN = text(MARKER.begin(1));
  private static final String READ = text(MARKER.read());
  private static final String FLUSH = "FLUSHALL and restore the marker";

  private Scripts() {}

  private static String text(OwnRequest request) {
    return Words.of(request).word(1);
  }

  /** Empties the database but for the marker. */
  static Words flush() {
    return Words.writing("EVAL", FLUSH, "1", Marker.KEY);
  }

  static String name(String text) {
    return switch (List.of(ADVANCE, BEGIN, READ, FLUSH).indexOf(text)) {
      case 0 -> "advance";
      case 1 -> "begin";
      case 2 -> "read";
      case 3 -> "flush";
      default -> throw new IllegalStateException("unknown script " + text);
    };
  }

  static boolean isAdvance(Words request) {
    return request.name().equals("EVAL") && request.word(1).equals(ADVANCE);
  }

  static boolean isRead(Words request) {
    return request.name().equals("EVAL") && request.word(1).equals(READ);
  }

  static boolean writes(String text) {
    return !text.equals(READ);
  }

  static Outcome run(Words request, Database database) {
    Map<String, String> marker = database.hash(Marker.KEY);
    return switch (name(request.word(1))) {
      case "advance" -> advance(marker, request);
      case "begin" -> begin(marker, request.word(6));
      case "read" -> Outcome.of(SimulatedReply.bulk(position(marker)));
      default -> flush(marker);
    };
  }

  private static String position(Map<String, String> marker) {
    return marker.getOrDefault("epoch", "0") + " " + marker.getOrDefault("n", "0");
  }

  private static Outcome advance(Map<String, String> marker, Words request) {
    String epoch = request.word(6);
    if (!epoch.equals(marker.get("epoch"))) {
      return Outcome.of(
          SimulatedReply.error("FENCED epoch " + marker.getOrDefault("epoch", "false")));
    }
    long number = Long.parseLong(marker.getOrDefault("n", "0")) + 1;
    Effect advanced = marker(epoch, "" + number);
    boolean told = request.count() > 7;
    return new Outcome(
        SimulatedReply.number(number),
        told ? new Effect.Together(List.of(advanced, message(request))) : advanced);
  }

  private static Effect.Publish message(Words request) {
    return new Effect.Publish(request.word(7), request.word(8));
  }

  private static Outcome begin(Map<String, String> marker, String epoch) {
    String present = marker.get("epoch");
    if (present != null && Long.parseLong(present) >= Long.parseLong(epoch)) {
      return Outcome.of(SimulatedReply.number(0));
    }
    return new Outcome(SimulatedReply.number(2), marker(epoch, "0"));
  }

  private static Outcome flush(Map<String, String> marker) {
    Effect.Clear clear = new Effect.Clear();
    String epoch = marker.get("epoch");
    String number = marker.get("n");
    if (epoch == null || number == null) {
      return new Outcome(SimulatedReply.OK, clear);
    }
    return new Outcome(
        SimulatedReply.OK, new Effect.Together(List.of(clear, marker(epoch, number))));
  }

  private static Effect.PutHash marker(String epoch, String number) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("epoch", epoch);
    fields.put("n", number);
    return new Effect.PutHash(Marker.KEY, fields);
  }
}
