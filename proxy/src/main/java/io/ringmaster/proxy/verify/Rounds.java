package io.ringmaster.proxy.verify;

import io.ringmaster.proxy.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Tells differences from what is only on its way. In each round the leader is looked at, then the
 * replica when it has all that the leader had executed by then, then the leader again: what did not
 * change at the leader in between must be at the replica.
 */
final class Rounds {

  /** A value that changes to and fro may look as if it had not changed, but not so often. */
  private static final int ROUNDS_TO_BE_SURE = 5;

  private static final int ROUNDS = 40;
  private static final long LONGEST_STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * The result of all rounds.
   *
   * @param different what differs, and in what
   * @param undecided what always changed
   */
  record Outcome<T>(Map<T, Kind> different, List<T> undecided) {}

  private record Position(String stream, long offset) {}

  private final Server leader;
  private final Server replica;
  private final Pace pace;

  Rounds(Server leader, Server replica, Pace pace) {
    this.leader = leader;
    this.replica = replica;
    this.pace = pace;
  }

  /** Looks at {@code items} until of each it is known whether it differs, or it seems hopeless. */
  <T, A> Outcome<T> settle(
      Look<T, A> look, List<T> items, BiFunction<A, A, Optional<Kind>> difference) {
    Map<T, Kind> different = new LinkedHashMap<>();
    Map<T, Integer> proofs = new HashMap<>();
    List<T> open = List.copyOf(items);
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      pace.pause(TimeUnit.MILLISECONDS.toNanos(round));
      List<A> before = look.at(leader, open);
      awaitReplica();
      List<A> copies = look.at(replica, open);
      List<A> after = look.at(leader, open);
      List<T> next = new ArrayList<>();
      for (int i = 0; i < open.size(); i++) {
        T item = open.get(i);
        A copy = copies.get(i);
        Optional<Kind> found = difference.apply(after.get(i), copy);
        if (found.isEmpty() || difference.apply(before.get(i), copy).isEmpty()) {
          continue;
        }
        boolean unchanged = difference.apply(before.get(i), after.get(i)).isEmpty();
        int proved = unchanged ? proofs.getOrDefault(item, 0) + 1 : 0;
        proofs.put(item, proved);
        if (proved == ROUNDS_TO_BE_SURE) {
          different.put(item, found.get());
        } else {
          next.add(item);
        }
      }
      open = next;
    }
    return new Outcome<>(different, open);
  }

  private void awaitReplica() {
    Position wanted = leaderPosition();
    long reached = -1;
    long deadline = System.nanoTime() + LONGEST_STANDSTILL_NANOS;
    for (long millis = 1; ; millis = Math.min(2 * millis, 100)) {
      Map<String, String> info = replica.info("replication");
      long offset = Long.parseLong(info.getOrDefault("slave_repl_offset", "-1"));
      boolean follows = wanted.stream().equals(info.get("master_replid"));
      if (follows && offset >= wanted.offset()) {
        return;
      }
      if (follows && offset > reached) {
        reached = offset;
        deadline = System.nanoTime() + LONGEST_STANDSTILL_NANOS;
      }
      if (System.nanoTime() > deadline) {
        throw new ServerFailure(replica.node(), "it does not follow " + leader.node());
      }
      pace.pause(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private Position leaderPosition() {
    Map<String, String> info = leader.info("replication");
    if (!"master".equals(info.get("role"))) {
      throw new ServerFailure(leader.node(), "it is no leader");
    }
    return new Position(
        info.getOrDefault("master_replid", ""),
        Long.parseLong(info.getOrDefault("master_repl_offset", "0")));
  }
}
