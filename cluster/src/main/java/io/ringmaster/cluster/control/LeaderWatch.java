package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks again and again whether a leader still is what was promoted, and what it is doing. */
final class LeaderWatch {

  private static final int AGAIN_MILLIS = 500;
  private static final List<OwnRequest> QUESTIONS =
      Stream.concat(
              NodeReport.QUESTIONS.stream(),
              Stream.of(
                  OwnRequest.reading("CONFIG", "GET", "appendfsync"),
                  OwnRequest.reading("CONFIG", "GET", "no-appendfsync-on-rewrite")))
          .toList();

  private final Host host;
  private final Shard shard;
  private @Nullable Conversation link;
  private @Nullable NodeReport report;
  private boolean syncsAlways;
  private long askedAt = Long.MIN_VALUE;
  private long reportAskedAt = Long.MIN_VALUE;
  private long seenAt;
  private boolean busy;
  private long nextLook = Long.MIN_VALUE;

  LeaderWatch(Host host, Shard shard) {
    this.host = host;
    this.shard = shard;
  }

  /** {@code newerThan} is when a look at it was last needed. */
  void tick(long newerThan) {
    long now = host.scheduler().millis();
    boolean due = now >= nextLook || (askedAt <= newerThan && now > newerThan);
    if (busy || !due) {
      return;
    }
    busy = true;
    askedAt = now;
    nextLook = now + AGAIN_MILLIS;
    Conversation open = link;
    if (open == null || !open.isOpen()) {
      open = new Conversation(host.links().open(id()), reason -> lost());
      link = open;
    }
    Conversation asked = open;
    asked.ask(
        QUESTIONS,
        replies -> {
          busy = false;
          reportAskedAt = now;
          report = NodeReport.of(asked.runId(), replies.subList(0, 2));
          syncsAlways =
              replies.get(2).elements().getLast().text().equals("always")
                  && replies.get(3).elements().getLast().text().equals("no");
          seenAt = host.scheduler().millis();
        });
  }

  private void lost() {
    busy = false;
    seenAt = Long.MIN_VALUE;
  }

  /** Whether it has answered just now. */
  boolean answers() {
    return report != null && host.scheduler().millis() <= seenAt + 2 * AGAIN_MILLIS;
  }

  /**
   * Whether all that it acknowledges is on its disk before, if that is known; {@code before} is
   * what was known until now. A file that is written anew while it leads stays whole meanwhile.
   */
  boolean keeps(boolean before) {
    NodeReport seen = report;
    if (seen == null || !answers()) {
      return before;
    }
    return syncsAlways && (before ? seen.appends() : seen.isWholeOnDisk());
  }

  /** What it said when it was last asked, if that was after {@code millis}. */
  Optional<NodeReport> reportAfter(long millis) {
    return reportAskedAt > millis ? Optional.ofNullable(report) : Optional.empty();
  }

  /** Whether one of its replicas is just being given everything. */
  boolean isCopying() {
    NodeReport seen = report;
    return seen != null && answers() && seen.isCopying();
  }

  /** Why the leader cannot be what was chosen any more; empty as long as nothing proves it. */
  String restarted() {
    NodeReport seen = report;
    boolean same = seen == null || shard.isAdmitted(id(), seen.run());
    return same ? "" : "its leader " + id() + " was restarted";
  }

  /** Why it leads no more, once it has been promoted; empty as long as nothing proves it. */
  String deposed() {
    NodeReport seen = report;
    String restarted = restarted();
    boolean demoted = restarted.isEmpty() && seen != null && seen.isReplica();
    return demoted ? "its leader " + id() + " was made a replica" : restarted;
  }

  private NodeId id() {
    return shard.leader().id();
  }

  void close() {
    Conversation open = link;
    if (open != null) {
      open.end();
    }
  }
}
