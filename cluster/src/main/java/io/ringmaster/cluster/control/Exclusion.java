package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.MarkOutOfSync;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes replicas that have been silent for long out of the in-sync set of their shard. They are
 * back when they have caught up.
 */
final class Exclusion {

  private final Host host;

  Exclusion(Host host) {
    this.host = host;
  }

  Optional<Stage.Step> tick(Shard now, Followers followers) {
    long after = host.settings().outOfSyncAfterMillis();
    List<NodeId> silent = after == 0 ? List.of() : followers.silentFor(after);
    List<NodeId> excluded = new ArrayList<>(now.outOfSync());
    silent.stream().filter(node -> !excluded.contains(node)).forEach(excluded::add);
    boolean isNews = excluded.size() > now.outOfSync().size();
    return isNews && 2 * excluded.size() < now.nodes().size()
        ? Optional.of(
            new Stage.Step(
                new MarkOutOfSync(now.id(), now.epoch(), excluded),
                silent + " have been silent for long"))
        : Optional.empty();
  }
}
