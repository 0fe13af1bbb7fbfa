package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.MarkDurable;
import io.ringmaster.cluster.topology.MarkIntact;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Map;
import java.util.Optional;

/**
 * The shard serves: looks whether its leader still is what was promoted and has not failed,
 * attaches followers that have come loose, and admits those again that were restarted.
 */
final class Serving implements Stage {

  private final Host host;
  private final Shard shard;
  private final Followers followers;
  private final LeaderWatch leader;
  private final Plan plan;
  private final Exclusion exclusion;
  // When the others were last too few to replace a leader that answers.
  private long tooFewAt;
  private long suspectedSince = Long.MAX_VALUE;

  Serving(Host host, Shard shard, Administrator administrator) {
    this.host = host;
    this.shard = shard;
    this.followers = new Followers(host, shard, administrator);
    this.leader = new LeaderWatch(host, shard);
    this.plan = new Plan(host, administrator);
    this.exclusion = new Exclusion(host);
    this.tooFewAt = host.scheduler().millis();
  }

  @Override
  public Optional<Step> tick(Shard now) {
    followers.tick(leader);
    leader.tick(followers.awaitLookAfter());
    FenceShard fence = new FenceShard(shard.id(), shard.epoch() + 1, false);
    String deposed = leader.deposed();
    if (!deposed.isEmpty()) {
      return step(fence, deposed);
    }
    if (isFailedAndReplaceable(now)) {
      NodeId failed = shard.leader().id();
      String cause = "its leader " + failed + " holds no barrier for a majority of coordinators";
      return Optional.of(new Step(fence, cause, true));
    }
    boolean kept = now.durable().isPresent();
    if (leader.keeps(kept) != kept) {
      return step(
          new MarkDurable(shard.id(), shard.epoch(), !kept),
          kept ? "its leader does not write everything to disk any more" : "all is on disk");
    }
    for (Map.Entry<NodeId, String> caughtUp : followers.caughtUp().entrySet()) {
      NodeId node = caughtUp.getKey();
      String incarnation = caughtUp.getValue();
      if (!now.isIntact(node, incarnation)
          || now.isInTransition()
          || now.outOfSync().contains(node)) {
        return step(
            new MarkIntact(shard.id(), shard.epoch(), node, incarnation), node + " has caught up");
      }
    }
    Optional<Step> due = plan.tick(now, followers);
    return due.isPresent() ? due : exclusion.tick(now, followers);
  }

  /**
   * A leader that may come back is better than none that can be chosen. One that answers lacks its
   * replicas, and they may be coming back: they were stopped, or need a copy, or are only slow.
   */
  private boolean isFailedAndReplaceable(Shard now) {
    boolean enough = followers.able(now) >= now.sealsNeeded();
    long millis = host.scheduler().millis();
    boolean isBusy = leader.isCopying() && followers.lackQuorum();
    if (!enough || isBusy || leader.isProgressing()) {
      tooFewAt = millis;
    }
    boolean patient = !leader.answers() || millis - tooFewAt >= Timing.REPLICAS_RETURN;
    boolean suspected = host.log().reports().isSuspected(shard, host.log().members(), millis);
    suspectedSince = suspected ? Math.min(suspectedSince, millis) : Long.MAX_VALUE;
    return suspected && enough && patient;
  }

  private static Optional<Step> step(TopologyChange change, String cause) {
    return Optional.of(new Step(change, cause));
  }

  @Override
  public long dueSince(long begun) {
    long now = host.scheduler().millis();
    return Math.min(now, suspectedSince);
  }

  @Override
  public long servedUntil(long now) {
    return Math.min(now, leader.seenAt());
  }

  /** The furthest that the leader's marker was seen. */
  MarkerPosition marker() {
    return leader.marker();
  }

  @Override
  public void close() {
    followers.close();
    leader.close();
  }

  @Override
  public String waitsFor() {
    return plan.trouble().isEmpty() ? followers.troubles() : plan.trouble();
  }
}
