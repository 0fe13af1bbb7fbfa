package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.OwnRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node that is to follow the leader of its shard's epoch: attached as the epoch's replica user,
 * which a leader that was restarted does not know, and then watched until it has caught up. Its
 * link begins anew when it gets that user, so that a link that is up leads to the leader that was
 * promoted.
 */
final class Follower implements AdminSession.Work {

  /** Looks soon at one that was just attached, as it may have caught up at once. */
  private static final int LOOKS = 4;

  private final Host host;
  private final Shard shard;
  private final NodeId node;
  private final Administrator administrator;
  private @Nullable CommandChain watching;
  private @Nullable NodeReport report;
  private boolean busy;
  private long nextLook = Long.MIN_VALUE;
  private long seenAt;
  private long attachedAt;
  private @Nullable Goal goal;
  private String trouble = "not attached";

  Follower(Host host, Shard shard, NodeId node, Administrator administrator) {
    this.host = host;
    this.administrator = administrator;
    this.shard = shard;
    this.node = node;
    this.seenAt = host.scheduler().millis();
  }

  /**
   * What it has to have so that nothing is missing that it, or the leader, had before it came.
   *
   * @param incarnation of the node
   * @param cameAt when that incarnation was first seen
   * @param leader what the leader said after that; null if it has not been asked since
   */
  private record Goal(String incarnation, long cameAt, @Nullable NodeReport leader) {

    boolean isReachedBy(NodeReport seen) {
      return leader != null
          && seen.incarnation().equals(incarnation)
          && seen.history().equals(leader.history())
          && seen.offset() >= leader.offset();
    }

    /**
     * Another incarnation has come, or the leader's history is another: its first replica begins
     * one.
     */
    boolean isOver(NodeReport seen, NodeId from) {
      boolean left =
          leader != null && seen.isLinkedTo(from) && !seen.history().equals(leader.history());
      return left || !seen.incarnation().equals(incarnation);
    }
  }

  /** Attaches it if it is not, else asks how far it is. */
  void tick(LeaderWatch leader) {
    aim(leader);
    if (busy || host.scheduler().millis() < nextLook) {
      return;
    }
    busy = true;
    CommandChain open = watching;
    if (open == null || !open.isOpen()) {
      report = null;
      administrator.start(node, this);
    } else {
      look(open);
    }
  }

  /** A link is up as soon as the missing part is on its way: only the place shows that it came. */
  private void aim(LeaderWatch leader) {
    Goal present = goal;
    if (present != null && present.leader() == null) {
      leader
          .reportAfter(present.cameAt())
          .ifPresent(told -> goal = new Goal(present.incarnation(), present.cameAt(), told));
    }
  }

  /** Since when a look at the leader is needed; the beginning of time if it is not. */
  long awaitsLookAfter() {
    Goal present = goal;
    return present != null && present.leader() == null ? present.cameAt() : Long.MIN_VALUE;
  }

  /**
   * The incarnation in which it has everything that the leader had; null if it has not, or nobody
   * knows.
   */
  @Nullable String caughtUpIncarnation() {
    NodeReport seen = report;
    return seen != null && isCaughtUp(seen) ? seen.incarnation() : null;
  }

  private boolean isCaughtUp(NodeReport seen) {
    Goal present = goal;
    return seen.isLinkedTo(leader()) && present != null && present.isReachedBy(seen);
  }

  /** Whether it has answered just now and remembers what it has acknowledged. */
  boolean isAble(Shard now) {
    NodeReport seen = report;
    return seen != null
        && now.isIntact(node, seen.incarnation())
        && !seen.isLoading()
        && silentMillis() <= 2 * Timing.LOOK;
  }

  /** Returns for how long it has not answered, as far as is known here. */
  long silentMillis() {
    return host.scheduler().millis() - seenAt;
  }

  /** Returns what it lacks; empty if nothing. */
  String trouble() {
    return caughtUpIncarnation() == null ? trouble : "";
  }

  @Override
  public boolean isWanted(String incarnation) {
    return host.isAt(shard);
  }

  @Override
  public List<OwnRequest> batch(List<String> users) {
    EpochUsers.Login login = host.users().login(shard, EpochUsers.Role.REPLICA);
    List<OwnRequest> batch = new ArrayList<>();
    host.users().deleteOthersOf(shard, users).ifPresent(batch::add);
    batch.addAll(host.users().create(shard));
    batch.add(OwnRequest.writing("CONFIG", "SET", "masteruser", login.user()));
    batch.add(OwnRequest.writing("CONFIG", "SET", "masterauth", login.password()));
    if (!users.contains(login.user())) {
      // It may follow already, as somebody else, and a leader that has been restarted since.
      batch.add(SealTask.followNobody());
    }
    batch.add(OwnRequest.writing("REPLICAOF", leader().host(), "" + leader().port()));
    return batch;
  }

  @Override
  public void done(CommandChain chain) {
    watching = chain;
    attachedAt = host.scheduler().millis();
    look(chain);
  }

  private void look(CommandChain chain) {
    chain.ask(
        NodeReport.QUESTIONS,
        replies -> {
          busy = false;
          NodeReport seen = NodeReport.of(chain.runId(), replies);
          report = seen;
          seenAt = host.scheduler().millis();
          if (goal == null || goal.isOver(seen, leader())) {
            goal = new Goal(seen.incarnation(), seenAt, null);
          }
          trouble =
              seen.isLinkedTo(leader())
                  ? "it has not got yet what the leader has"
                  : "its link to the leader is down";
          long soon = Math.min(Timing.LOOK_AT_STRAGGLER, (seenAt - attachedAt) / LOOKS);
          nextLook = seenAt + (isCaughtUp(seen) ? Timing.LOOK : soon);
          if (!seen.follows(leader())) {
            chain.fail("it does not follow the leader");
          }
        });
  }

  @Override
  public void failed(String reason) {
    busy = false;
    report = null;
    trouble = reason;
    nextLook = host.scheduler().millis() + Timing.LOOK;
  }

  void close() {
    CommandChain open = watching;
    if (open != null) {
      open.end();
    }
  }

  private NodeId leader() {
    return shard.leader().id();
  }
}
