package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import org.jspecify.annotations.Nullable;

/** Looks again and again whether a leader still is what was promoted, and what it is doing. */
final class LeaderWatch {

  private static final int AGAIN_MILLIS = 500;

  private final Host host;
  private final Shard shard;
  private @Nullable Conversation link;
  private @Nullable NodeReport report;
  private long seenAt;
  private boolean busy;
  private long nextLook = Long.MIN_VALUE;

  LeaderWatch(Host host, Shard shard) {
    this.host = host;
    this.shard = shard;
  }

  void tick() {
    if (busy || host.scheduler().millis() < nextLook) {
      return;
    }
    busy = true;
    nextLook = host.scheduler().millis() + AGAIN_MILLIS;
    Conversation open = link;
    if (open == null || !open.isOpen()) {
      open = new Conversation(host.links().open(id()), reason -> lost());
      link = open;
    }
    Conversation asked = open;
    asked.ask(
        NodeReport.QUESTIONS,
        replies -> {
          busy = false;
          report = NodeReport.of(asked.runId(), replies);
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
