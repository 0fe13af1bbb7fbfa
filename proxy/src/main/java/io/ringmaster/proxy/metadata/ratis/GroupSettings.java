package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.proxy.metadata.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How one coordinator takes part in the group.
 *
 * @param self its name, and where the others reach it
 * @param bind the host that it listens on
 * @param founders who forms the group when it does not exist yet; a coordinator that is not among
 *     them waits until it is added
 * @param directory where the log and its snapshots are kept
 * @param tls files for mutual TLS; empty for none
 * @param timeout how long a change or a read may take
 * @param startTimeout how long a start may wait for a majority
 * @param electionTimeout how long a leader may be silent; heartbeats come in half of it
 * @param snapshotEntries after how many log entries a snapshot is taken and the log is cut
 * @param segmentBytes size of a file of the log
 * @param lease how long a heartbeat of this coordinator vouches for a topology
 * @param secret a fingerprint of what all coordinators have to have in common
 */
public record GroupSettings(
    Member self,
    String bind,
    List<Member> founders,
    Path directory,
    Optional<TlsFiles> tls,
    Duration timeout,
    Duration startTimeout,
    Duration electionTimeout,
    int snapshotEntries,
    int segmentBytes,
    Duration lease,
    String secret) {

  private static final Duration LEAST_ATTEMPT = Duration.ofSeconds(1);

  /** Copies the list. */
  public GroupSettings {
    founders = List.copyOf(founders);
  }

  /** Whether it is one of those who form the group. */
  boolean isFounder() {
    return founders.stream().anyMatch(founder -> founder.id().equals(self.id()));
  }

  /** Where the group begins; the same in whatever order the founders are listed. */
  Member first() {
    return founders.stream().min(Comparator.comparing(Member::id)).orElseThrow();
  }

  /**
   * How long to wait for one member before another is asked. A heartbeat that went to a leader that
   * is cut off must leave time for the next one before the lease ends.
   */
  Duration attemptTimeout() {
    Duration election = electionTimeout.multipliedBy(2);
    Duration attempt = election.compareTo(LEAST_ATTEMPT) < 0 ? LEAST_ATTEMPT : election;
    return attempt.compareTo(timeout) < 0 ? attempt : timeout;
  }

  /** PEM files: certificate chain, private key, certificates of those to be trusted. */
  public record TlsFiles(Path certificate, Path key, Path trust) {}
}
