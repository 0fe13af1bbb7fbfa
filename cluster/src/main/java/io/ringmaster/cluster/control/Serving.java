package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.AdmitNode;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The shard serves: looks whether its leader still is what was promoted, attaches followers that
 * have come loose, and admits those again that were restarted.
 */
final class Serving implements Stage {

  private static final int AGAIN_MILLIS = 500;

  private final Host host;
  private final Shard shard;
  private final Followers followers;
  private @Nullable Conversation leaderLink;
  private @Nullable NodeReport leader;
  private boolean busy;
  private long nextLook = Long.MIN_VALUE;

  Serving(Host host, Shard shard) {
    this.host = host;
    this.shard = shard;
    this.followers = new Followers(host, shard);
  }

  @Override
  public Optional<Step> tick(Shard now) {
    followers.tick();
    lookAtLeader();
    String deposed = deposed();
    if (!deposed.isEmpty()) {
      return step(new FenceShard(shard.id(), shard.epoch() + 1, false), deposed);
    }
    for (Map.Entry<NodeId, String> caughtUp : followers.caughtUp().entrySet()) {
      NodeId node = caughtUp.getKey();
      String run = caughtUp.getValue();
      if (!now.isAdmitted(node, run)) {
        return step(new AdmitNode(shard.id(), shard.epoch(), node, run), node + " has caught up");
      }
    }
    return Optional.empty();
  }

  private static Optional<Step> step(TopologyChange change, String cause) {
    return Optional.of(new Step(change, cause));
  }

  private void lookAtLeader() {
    if (busy || host.scheduler().millis() < nextLook) {
      return;
    }
    busy = true;
    nextLook = host.scheduler().millis() + AGAIN_MILLIS;
    Conversation open = leaderLink;
    if (open == null || !open.isOpen()) {
      open = new Conversation(host.links().open(id()), reason -> busy = false);
      leaderLink = open;
    }
    Conversation asked = open;
    asked.ask(
        NodeReport.QUESTIONS,
        replies -> {
          busy = false;
          leader = NodeReport.of(asked.runId(), replies);
        });
  }

  /** Why the leader leads no more; empty as long as nothing proves it. */
  private String deposed() {
    NodeReport seen = leader;
    if (seen == null) {
      return "";
    }
    if (!shard.isAdmitted(id(), seen.run())) {
      return "its leader " + id() + " was restarted";
    }
    return seen.isReplica() ? "its leader " + id() + " was made a replica" : "";
  }

  private NodeId id() {
    return shard.leader().id();
  }

  @Override
  public void close() {
    followers.close();
    Conversation open = leaderLink;
    if (open != null) {
      open.end();
    }
  }

  @Override
  public String waitsFor() {
    return followers.troubles().isEmpty() ? "" : followers.troubles().toString();
  }
}
