package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PauseShard;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.WriteLevel;
import java.util.List;
import java.util.Optional;

/** Begins to hand a shard over to the nodes that are planned for it, once they can take it. */
final class Plan {

  private final Host host;
  private final Administrator administrator;
  private long readySince = Long.MAX_VALUE;
  private String trouble = "";

  Plan(Host host, Administrator administrator) {
    this.host = host;
    this.administrator = administrator;
  }

  Optional<Stage.Step> tick(Shard now, Followers followers) {
    List<NodeId> planned = now.pending();
    trouble = "";
    if (planned.isEmpty()) {
      return Optional.empty();
    }
    if (planned.equals(now.nodeIds())) {
      return Optional.of(
          new Stage.Step(
              new PlanReconfiguration(now.id(), now.epoch(), List.of()),
              "it has the nodes that were planned"));
    }
    trouble = obstacle(now, followers);
    if (!trouble.isEmpty()) {
      readySince = Long.MAX_VALUE;
      return Optional.empty();
    }
    return isPrepared(planned)
        ? Optional.of(
            new Stage.Step(new PauseShard(now.id(), now.epoch()), planned + " are planned"))
        : Optional.empty();
  }

  /** Whether administrators are let in everywhere, or that takes too long. */
  private boolean isPrepared(List<NodeId> planned) {
    long millis = host.scheduler().millis();
    readySince = Math.min(readySince, millis);
    planned.forEach(administrator::prepare);
    return planned.stream().noneMatch(node -> administrator.runId(node).isEmpty())
        || millis - readySince >= Timing.PREPARATION;
  }

  /** Why the shard would be without a leader for long, or for ever. */
  private String obstacle(Shard now, Followers followers) {
    Optional<String> unprepared =
        host.log()
            .reports()
            .unprepared(
                host.log().members(), host.log().topology().epoch(), host.scheduler().millis());
    if (unprepared.isPresent()) {
      return unprepared.get();
    }
    NodeId leader = now.leader().id();
    NodeId successor = now.pending().getFirst();
    if (!successor.equals(leader) && !followers.isReady(successor, now)) {
      return successor + " is to lead, and has not caught up";
    }
    long able =
        now.pending().stream()
            .filter(node -> node.equals(leader) || followers.isAble(node, now))
            .count();
    if (able < now.sealsNeeded()) {
      return "%d of the nodes that are planned answer and remember, it takes %d"
          .formatted(able, now.sealsNeeded());
    }
    long ready =
        now.pending().stream()
            .filter(node -> node.equals(leader) || followers.isReady(node, now))
            .count();
    int writeQuorum = WriteLevel.DEFAULT.writeQuorum(now.pending().size());
    return ready < writeQuorum
        ? "%d of the nodes that are planned have caught up, it takes %d"
            .formatted(ready, writeQuorum)
        : "";
  }

  /** Returns what the plan waits for; empty if there is none, or nothing is in its way. */
  String trouble() {
    return trouble;
  }
}
