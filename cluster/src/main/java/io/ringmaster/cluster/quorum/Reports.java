package io.ringmaster.cluster.quorum;

import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Shard;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The reports of all coordinators that were ever in the config group, and when each was heard.
 * Immutable.
 *
 * <p>A heartbeat that is in the group's log vouches for a topology for a while, from when it was
 * sent on. So whoever has heard of one that long ago, and of none since, knows that its sender
 * holds no lease any more, whether it was removed, is gone, or is cut off. All times are
 * milliseconds of one clock that never goes back.
 */
public final class Reports {

  /** No report. */
  public static final Reports NONE = new Reports(Map.of());

  private record Heard(Report report, long atMillis) {

    /** Whether a lease may still be held that its sender was granted. */
    boolean mayHoldLease(long nowMillis) {
      Duration longest = Lease.longest(Duration.ofMillis(report.leaseMillis()));
      return nowMillis - atMillis <= longest.toMillis();
    }
  }

  private final Map<String, Heard> byCoordinator;

  private Reports(Map<String, Heard> byCoordinator) {
    this.byCoordinator = Map.copyOf(byCoordinator);
  }

  /** A report has come as an entry of the log: its sender was granted a lease by that. */
  public Reports heard(Report report, long nowMillis) {
    return with(report, nowMillis);
  }

  /**
   * Hears {@code report} beside the log: nothing is granted by that, and it counts only for a
   * process of which the log knows.
   */
  public Reports told(Report report) {
    Heard known = byCoordinator.get(report.by());
    return known != null && known.report.instance().equals(report.instance())
        ? with(report, known.atMillis)
        : this;
  }

  private Reports with(Report report, long atMillis) {
    Map<String, Heard> next = new HashMap<>(byCoordinator);
    next.merge(
        report.by(),
        new Heard(report, atMillis),
        (known, fresh) -> new Heard(known.report.then(fresh.report), fresh.atMillis));
    return new Reports(next);
  }

  /**
   * Returns the reports of those that are in {@code coordinators}: the log has forgotten the
   * others.
   */
  public Reports only(Collection<String> coordinators) {
    Map<String, Heard> next = new HashMap<>(byCoordinator);
    next.keySet().retainAll(coordinators);
    return next.size() == byCoordinator.size() ? this : new Reports(next);
  }

  /** The newest report of each coordinator. */
  public Stream<Report> all() {
    return byCoordinator.values().stream().map(Heard::report);
  }

  /** Returns the coordinators that may hold a lease now. */
  private Stream<Report> holders(long nowMillis) {
    return byCoordinator.values().stream()
        .filter(heard -> heard.mayHoldLease(nowMillis))
        .map(Heard::report);
  }

  /** Whether nobody answers from a topology older than {@code epoch} any more. */
  public boolean isKnownEverywhere(long epoch, long nowMillis) {
    return holders(nowMillis).allMatch(report -> report.epoch() >= epoch);
  }

  /**
   * Whether nobody who may hold a lease asks {@code shard} anything any more, which is being handed
   * over.
   */
  public boolean isDrained(Shard shard, long nowMillis) {
    return holders(nowMillis)
        .allMatch(
            report ->
                report.observations().drained().getOrDefault(shard.id(), 0L) == shard.pauseEpoch());
  }

  /**
   * Returns the reason why clients of some coordinator would see a hand-over fail; empty if all
   * that may answer know the topology of {@code epoch}, and are a majority of {@code members}.
   */
  public Optional<String> unprepared(Collection<String> members, long epoch, long nowMillis) {
    Predicate<Report> isLate = report -> report.epoch() < epoch;
    Optional<Report> late = holders(nowMillis).filter(isLate).findFirst();
    if (late.isPresent()) {
      return Optional.of(
          "coordinator "
              + late.get().by()
              + " has not heard of the present topology, or does not answer; when its lease is over"
              + " nobody waits for it");
    }
    long present = holders(nowMillis).filter(report -> members.contains(report.by())).count();
    return 2 * present > members.size()
        ? Optional.empty()
        : Optional.of(
            "%d of %d coordinators answer, which is no majority"
                .formatted(present, members.size()));
  }

  /** Whether a majority of {@code members} finds that the leader of {@code shard} has failed. */
  public boolean isSuspected(Shard shard, Collection<String> members, long nowMillis) {
    long suspecting =
        holders(nowMillis)
            .filter(report -> members.contains(report.by()))
            .filter(
                report ->
                    report.observations().suspects().getOrDefault(shard.id(), 0L) == shard.epoch())
            .count();
    return 2 * suspecting > members.size();
  }

  /** The furthest that anybody has seen the marker of {@code shard}. */
  public MarkerPosition furthestMarker(String shard) {
    return all()
        .map(report -> report.observations().markers().getOrDefault(shard, MarkerPosition.NONE))
        .max(MarkerPosition::compareTo)
        .orElse(MarkerPosition.NONE);
  }
}
