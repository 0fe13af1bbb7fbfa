package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks again and again whether a leader still is what was promoted, and what it is doing. */
final class LeaderWatch {

  private final Host host;
  private final Shard shard;
  private @Nullable CommandChain link;
  private @Nullable LeaderReport report;
  private long askedAt = Long.MIN_VALUE;
  private long reportAskedAt = Long.MIN_VALUE;
  private long seenAt;
  private long progressedAt;
  private boolean answering;
  private boolean busy;
  private long nextLook = Long.MIN_VALUE;

  LeaderWatch(Host host, Shard shard) {
    this.host = host;
    this.shard = shard;
    this.seenAt = host.scheduler().millis();
    this.progressedAt = seenAt - 2 * Timing.LOOK;
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
    nextLook = now + Timing.LOOK;
    CommandChain open = link;
    if (open == null || !open.isOpen()) {
      open = new CommandChain(host.links().open(id()), reason -> lost());
      link = open;
    }
    CommandChain asked = open;
    asked.ask(questions(), replies -> answered(now, asked, replies));
  }

  private List<OwnRequest> questions() {
    List<OwnRequest> questions = new ArrayList<>(NodeReport.QUESTIONS);
    questions.addAll(Durability.QUESTIONS);
    questions.add(OwnRequest.reading("ACL", "USERS"));
    questions.add(OwnRequest.reading("CLIENT", "LIST", "TYPE", "replica"));
    return questions;
  }

  /** One that was made a replica of nobody it reaches refuses to tell its marker. */
  private void answered(long asked, CommandChain open, List<Reply> replies) {
    LeaderReport seen = LeaderReport.of(open.runId(), replies);
    if (seen.node().isReplica()) {
      saw(asked, seen);
    } else {
      open.ask(
          host.marker().read(),
          marker -> saw(asked, seen.with(MarkerPosition.parse(marker.text()))));
    }
  }

  private void saw(long asked, LeaderReport fresh) {
    busy = false;
    answering = true;
    reportAskedAt = asked;
    seenAt = host.scheduler().millis();
    LeaderReport before = report;
    if (before != null && fresh.progress().isAheadOf(before.progress(), wanted())) {
      progressedAt = seenAt;
    }
    report = fresh;
  }

  /** Returns how many replicas a usual write waits for. */
  private int wanted() {
    return Math.max(1, shard.writeQuorum(WriteLevel.DEFAULT) - 1);
  }

  private void lost() {
    busy = false;
    answering = false;
  }

  /** Whether it has answered just now. */
  boolean answers() {
    return answering && host.scheduler().millis() <= seenAt + 2 * Timing.LOOK;
  }

  /** When it last answered, or was made the leader. */
  long seenAt() {
    return seenAt;
  }

  /**
   * Whether all that it acknowledges is on its disk before, if that is known; {@code before} is
   * what was known until now. A file that is written anew while it leads stays whole meanwhile.
   */
  boolean keeps(boolean before) {
    LeaderReport seen = report;
    if (seen == null || !answers()) {
      return before;
    }
    return seen.durable() && (before ? seen.node().appends() : seen.node().isWholeOnDisk());
  }

  /** Returns what it said when it was last asked, if that was after {@code millis}. */
  Optional<NodeReport> reportAfter(long millis) {
    return reportAskedAt > millis
        ? Optional.ofNullable(report).map(LeaderReport::node)
        : Optional.empty();
  }

  /** The furthest that its marker was seen. */
  MarkerPosition marker() {
    LeaderReport seen = report;
    return seen == null ? MarkerPosition.NONE : seen.marker();
  }

  /** Whether one of its replicas is just being given everything. */
  boolean isCopying() {
    LeaderReport seen = report;
    return seen != null && answers() && seen.node().isCopying();
  }

  /**
   * Whether as many replicas as a usual write needs get ahead, however far behind they are: what
   * moves is not dead.
   */
  boolean isProgressing() {
    return answers() && host.scheduler().millis() - progressedAt <= 2 * Timing.LOOK;
  }

  /** Why the leader cannot be what was chosen any more; empty as long as nothing proves it. */
  String restarted() {
    LeaderReport seen = report;
    boolean same = seen == null || shard.isIntact(id(), seen.node().incarnation());
    return same ? "" : "its leader " + id() + " was restarted";
  }

  /** Why it leads no more, once it has been promoted; empty as long as nothing proves it. */
  String deposed() {
    LeaderReport seen = report;
    String restarted = restarted();
    if (seen == null || !restarted.isEmpty()) {
      return restarted;
    }
    if (seen.node().isReplica()) {
      return "its leader " + id() + " was made a replica";
    }
    if (!host.users().areIn(seen.users(), shard)) {
      return "somebody has deleted the users of its leader " + id();
    }
    return seen.marker().exists() ? "" : "somebody has deleted the marker of its leader " + id();
  }

  private NodeId id() {
    return shard.leader().id();
  }

  void close() {
    CommandChain open = link;
    if (open != null) {
      open.end();
    }
  }
}
