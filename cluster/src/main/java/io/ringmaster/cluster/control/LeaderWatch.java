package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import org.jspecify.annotations.Nullable;

/** Looks again and again whether a leader still is what was promoted. */
final class LeaderWatch {

  private static final int AGAIN_MILLIS = 500;

  private final Host host;
  private final Shard shard;
  private @Nullable Conversation link;
  private @Nullable NodeReport report;
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
      open = new Conversation(host.links().open(id()), reason -> busy = false);
      link = open;
    }
    Conversation asked = open;
    asked.ask(
        NodeReport.QUESTIONS,
        replies -> {
          busy = false;
          report = NodeReport.of(asked.runId(), replies);
        });
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
