package io.ringmaster.proxy.verify;

import io.lettuce.core.protocol.CommandType;
import io.ringmaster.cluster.replication.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares one replica with its leader. Blocks; used by one thread. */
final class Comparison {

  private static final KeyLook LOOK = new KeyLook();
  private static final String PAGE = "200";

  private static final String EXIST =
      """
      local exist = {}
      for i, key in ipairs(KEYS) do exist[i] = redis.call('EXISTS', key) end
      return exist
      """;

  private final Server leader;
  private final Server replica;
  private final Pace pace;
  private final Rounds rounds;
  private final Tally tally;

  Comparison(Server leader, Server replica, Pace pace, Tally tally) {
    this.leader = leader;
    this.replica = replica;
    this.pace = pace;
    this.rounds = new Rounds(leader, replica, pace);
    this.tally = tally;
  }

  /** Passes all names of keys in the selected database to {@code then}, internal ones left out. */
  static void scan(Server server, Consumer<List<String>> then) {
    String cursor = "0";
    do {
      List<@Nullable Object> page = server.ask(CommandType.SCAN, cursor, "COUNT", PAGE);
      cursor = String.valueOf(page.getFirst());
      List<String> names =
          ((List<?>) Objects.requireNonNull(page.get(1)))
              .stream()
                  .map(String::valueOf)
                  .filter(name -> name.isEmpty() || name.charAt(0) != Marker.RESERVED)
                  .distinct()
                  .toList();
      if (!names.isEmpty()) {
        then.accept(names);
      }
    } while (!cursor.equals("0"));
  }

  /** Compares keys of the leader, who holds {@code seen}, in the database that it has selected. */
  void compare(int database, List<String> names, List<Fingerprint> seen) {
    replica.select(database);
    List<Fingerprint> copies = LOOK.at(replica, names);
    List<String> suspects = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (Fingerprint.difference(seen.get(i), copies.get(i)).isPresent()) {
        suspects.add(names.get(i));
      }
    }
    settle(database, suspects);
    for (int i = 0; i < names.size(); i++) {
      boolean large = seen.get(i).isLarge() || copies.get(i).isLarge();
      if (large && !suspects.contains(names.get(i))) {
        comparePieces(database, names.get(i), seen.get(i));
      }
    }
    tally.compared(names.size());
  }

  /** Looks for keys that only the replica has. */
  void compareOwn() {
    for (int database : replica.databases().keySet()) {
      replica.select(database);
      leader.select(database);
      scan(
          replica,
          names -> {
            pace.await(names.size());
            settle(database, unknownToLeader(names));
            tally.comparedOwn(names.size());
          });
    }
  }

  private List<String> unknownToLeader(List<String> names) {
    String[] words =
        Stream.concat(Stream.of(EXIST, "" + names.size()), names.stream()).toArray(String[]::new);
    List<@Nullable Object> exist = leader.ask(CommandType.EVAL, words);
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (Long.valueOf(0).equals(exist.get(i))) {
        unknown.add(names.get(i));
      }
    }
    return unknown;
  }

  private void settle(int database, List<String> suspects) {
    Rounds.Outcome<String> outcome = rounds.settle(LOOK, suspects, Fingerprint::difference);
    outcome
        .different()
        .forEach((name, kind) -> tally.differs(new Difference(database, name, kind)));
    tally.undecided(outcome.undecided().size());
  }

  private void comparePieces(int database, String name, Fingerprint seen) {
    switch (new LargeValue(leader, rounds, pace, name, seen).compare()) {
      case SAME -> {}
      case DIFFERENT -> tally.differs(new Difference(database, name, Difference.Kind.VALUE));
      case UNDECIDED -> tally.undecided(1);
    }
  }
}
