package io.ringmaster.proxy.verify;

import io.lettuce.core.protocol.CommandType;
import io.ringmaster.proxy.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares one value piece by piece: no server is held up by it, and the pieces may be far apart in
 * time. What is added meanwhile may be left out.
 */
final class LargeValue {

  private static final long BYTES_AT_ONCE = 256 * 1024;
  private static final long ELEMENTS_AT_ONCE = 1000;
  private static final long BYTES_PER_KEY = 1024;

  /** The verdict about a value so far. */
  enum Verdict {
    SAME,
    DIFFERENT,
    UNDECIDED
  }

  /** A part of a value that one command reads: the words after its key. */
  private record Piece(CommandType command, List<String> words) {}

  private final Server leader;
  private final Rounds rounds;
  private final Pace pace;
  private final String key;
  private final Fingerprint seen;
  private boolean undecided;

  /** {@code seen}: what the leader holds. */
  LargeValue(Server leader, Rounds rounds, Pace pace, String key, Fingerprint seen) {
    this.leader = leader;
    this.rounds = rounds;
    this.pace = pace;
    this.key = key;
    this.seen = seen;
  }

  Verdict compare() {
    boolean same =
        switch (seen.type()) {
          case "string" -> sameWindows(CommandType.GETRANGE, BYTES_AT_ONCE);
          case "list" -> sameWindows(CommandType.LRANGE, elementsAtOnce());
          case "hash" -> sameMembers(CommandType.HSCAN, CommandType.HMGET, 2);
          case "set" -> sameMembers(CommandType.SSCAN, CommandType.SMISMEMBER, 1);
          case "zset" -> sameMembers(CommandType.ZSCAN, CommandType.ZMSCORE, 2);
          case "stream" -> sameEntries();
          default -> {
            undecided = true;
            yield true;
          }
        };
    if (!same) {
      return Verdict.DIFFERENT;
    }
    return undecided ? Verdict.UNDECIDED : Verdict.SAME;
  }

  private long elementsAtOnce() {
    long fitting = BYTES_AT_ONCE * seen.elements() / Math.max(1, seen.bytes());
    return Math.clamp(fitting, 1, ELEMENTS_AT_ONCE);
  }

  private boolean sameWindows(CommandType command, long size) {
    for (long from = 0; from < seen.elements(); from += size) {
      String last = "" + (from + size - 1);
      if (!same(this::piece, List.of(new Piece(command, List.of("" + from, last))))) {
        return false;
      }
    }
    return true;
  }

  private boolean sameEntries() {
    String from = "-";
    while (true) {
      List<@Nullable Object> entries =
          leader.ask(CommandType.XRANGE, key, from, "+", "COUNT", "" + elementsAtOnce());
      if (entries.isEmpty()) {
        return true;
      }
      String last =
          String.valueOf(((List<?>) Objects.requireNonNull(entries.getLast())).getFirst());
      if (!same(this::piece, List.of(new Piece(CommandType.XRANGE, List.of(from, last))))) {
        return false;
      }
      from = "(" + last;
    }
  }

  /** Asks both for the members that the leader has; together with their number that is all. */
  private boolean sameMembers(CommandType scan, CommandType read, int step) {
    String cursor = "0";
    do {
      List<@Nullable Object> page = leader.ask(scan, key, cursor, "COUNT", "" + elementsAtOnce());
      cursor = String.valueOf(page.getFirst());
      List<?> found = (List<?>) Objects.requireNonNull(page.get(1));
      List<String> members = new ArrayList<>();
      for (int i = 0; i < found.size(); i += step) {
        members.add(String.valueOf(found.get(i)));
      }
      if (!members.isEmpty() && !same((server, asked) -> read(server, read, asked), members)) {
        return false;
      }
    } while (!cursor.equals("0"));
    return true;
  }

  private <T> boolean same(Look<T, Optional<Object>> look, List<T> items) {
    pace.await(Math.max(items.size(), BYTES_AT_ONCE / BYTES_PER_KEY));
    Rounds.Outcome<T> outcome =
        rounds.settle(
            look, items, (a, b) -> a.equals(b) ? Optional.empty() : Optional.of(Kind.VALUE));
    undecided |= !outcome.undecided().isEmpty();
    return outcome.different().isEmpty();
  }

  private List<Optional<Object>> piece(Server server, List<Piece> pieces) {
    return pieces.stream()
        .map(piece -> Optional.<Object>of(ask(server, piece.command(), piece.words())))
        .toList();
  }

  private List<Optional<Object>> read(Server server, CommandType command, List<String> members) {
    return ask(server, command, members).stream()
        .map(answer -> Optional.ofNullable(command == CommandType.ZMSCORE ? score(answer) : answer))
        .toList();
  }

  private List<@Nullable Object> ask(Server server, CommandType command, List<String> words) {
    return server.ask(
        command, Stream.concat(Stream.of(key), words.stream()).toArray(String[]::new));
  }

  /** Different versions write the same number differently. */
  private static @Nullable Object score(@Nullable Object answer) {
    return answer instanceof String text && !text.endsWith("inf") ? Double.valueOf(text) : answer;
  }
}
