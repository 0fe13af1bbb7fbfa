package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ServeShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.WriteLevel;
import java.util.Optional;

/**
 * A leader is chosen: promotes it, attaches the others, and proves by a first barrier that enough
 * of them follow. Nobody is attached before the leader's marker has begun the epoch. A leader that
 * was restarted since it was chosen has to be chosen again.
 */
final class SettingUp implements Stage {

  /** The most doublings of the patience with those that follow. */
  private static final int DOUBLINGS = 4;

  private final Host host;
  private final Shard shard;
  private final Administrator administrator;
  private final Followers followers;
  private final long begun;
  private final long patienceMillis;
  private LeaderWatch leader;
  private boolean busy;
  private boolean promoted;
  private boolean closed;
  // When there was last a reason why nobody follows.
  private long waitingSince;
  private boolean proved;
  private long retryAt = Long.MIN_VALUE;
  private String trouble = "";

  /**
   * {@code attempts}: how many leaders in a row nobody could follow. Over a slow network it takes
   * longer, whoever leads.
   */
  SettingUp(Host host, Shard shard, Administrator administrator, int attempts) {
    this.host = host;
    this.shard = shard;
    this.administrator = administrator;
    this.followers = new Followers(host, shard, administrator);
    this.leader = new LeaderWatch(host, shard);
    this.begun = host.scheduler().millis();
    this.patienceMillis = (long) Timing.PROMOTION_LIMIT << Math.min(attempts, DOUBLINGS);
  }

  @Override
  public Optional<Step> tick(Shard now) {
    leader.tick(followers.awaitLookAfter());
    String lost = promoted ? leader.deposed() : unpromotable();
    if (!lost.isEmpty()) {
      return Optional.of(new Step(fence(), lost));
    }
    if (!promoted) {
      promote();
      return Optional.empty();
    }
    followers.tick(leader);
    if (isOutOfReach(now)) {
      String cause = "its leader " + shard.leader().id() + " cannot be followed: " + waitsFor();
      return Optional.of(new Step(fence(), cause, true));
    }
    prove();
    return proved && isFollowed()
        ? Optional.of(
            new Step(
                new ServeShard(shard.id(), shard.epoch(), followers.caughtUp()),
                "enough nodes follow " + shard.leader().id()))
        : Optional.empty();
  }

  private boolean isFollowed() {
    return followers.caughtUp().size() >= writeQuorum() - 1;
  }

  private FenceShard fence() {
    return new FenceShard(shard.id(), shard.epoch() + 1, false);
  }

  /** Whether the others could lead instead, and none of them is just getting a copy. */
  private boolean isOutOfReach(Shard now) {
    long millis = host.scheduler().millis();
    boolean isBusy = leader.isCopying() && followers.lackQuorum();
    if ((proved && isFollowed()) || isBusy || leader.isProgressing()) {
      waitingSince = millis;
    }
    boolean late = millis - waitingSince > patienceMillis;
    return late && followers.able(now) >= now.sealsNeeded();
  }

  /** Returns why another one is chosen, which costs nothing as nobody serves yet. */
  private String unpromotable() {
    boolean late = host.scheduler().millis() - begun > Timing.PROMOTION_LIMIT;
    return late ? "its leader could not be promoted: " + trouble : leader.restarted();
  }

  private void promote() {
    if (busy || host.scheduler().millis() < retryAt) {
      return;
    }
    busy = true;
    NodeId leader = shard.leader().id();
    administrator.start(leader, new PromoteTask(host, shard, () -> succeeded(true), this::failed));
  }

  private void prove() {
    if (proved || busy || host.scheduler().millis() < retryAt) {
      return;
    }
    busy = true;
    host.replicas()
        .countReplicas(
            shard,
            writeQuorum() - 1,
            0,
            Timing.FIRST_BARRIER,
            new ReplicaListener() {
              @Override
              public boolean isWanted() {
                return !closed;
              }

              @Override
              public void counted(int replicas) {
                if (replicas >= writeQuorum() - 1) {
                  succeeded(false);
                }
              }

              @Override
              public void tooFew(int replicas) {
                trouble = replicas + " replicas hold the first barrier";
              }

              @Override
              public void failed(String reason) {
                SettingUp.this.failed(reason);
              }
            });
  }

  private void succeeded(boolean promotion) {
    busy = false;
    trouble = "";
    if (promotion) {
      promoted = true;
      waitingSince = host.scheduler().millis();
      // What was seen before may be older than that.
      leader.close();
      leader = new LeaderWatch(host, shard);
    } else {
      proved = true;
    }
  }

  private void failed(String reason) {
    busy = false;
    trouble = reason;
    retryAt = host.scheduler().millis() + Timing.PROMOTION_RETRY;
  }

  /** Returns how many nodes a write at the usual level is on. */
  private int writeQuorum() {
    return shard.writeQuorum(WriteLevel.DEFAULT);
  }

  @Override
  public void close() {
    closed = true;
    followers.close();
    leader.close();
  }

  @Override
  public String waitsFor() {
    return trouble.isEmpty() && promoted ? followers.troubles() : trouble;
  }
}
