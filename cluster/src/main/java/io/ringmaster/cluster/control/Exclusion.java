package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PlanNodes;
import io.ringmaster.cluster.topology.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes replicas out of a shard that have been silent for long, and takes them back when they
 * answer again. Never so many that less than a majority of all is left.
 */
final class Exclusion {

  private static final int AGAIN_MILLIS = 1000;

  private final Host host;
  private final Map<NodeId, Return> returns = new HashMap<>();

  Exclusion(Host host, Shard shard) {
    this.host = host;
    shard.excluded().forEach(node -> returns.put(node, new Return(node)));
  }

  Optional<Stage.Step> tick(Shard now, Followers followers) {
    for (Return watched : returns.values()) {
      watched.tick();
      if (watched.isBack) {
        List<NodeId> nodes = new ArrayList<>(now.nodeIds());
        nodes.add(watched.node);
        return step(now, nodes, now.excluded(), watched.node + " answers again");
      }
    }
    return host.settings().excludeAfterMillis() == 0 ? Optional.empty() : exclude(now, followers);
  }

  private Optional<Stage.Step> exclude(Shard now, Followers followers) {
    List<NodeId> failed = followers.silentFor(host.settings().excludeAfterMillis());
    List<NodeId> staying = new ArrayList<>(now.nodeIds());
    List<NodeId> excluded = new ArrayList<>(now.excluded());
    int all = staying.size() + excluded.size();
    staying.removeAll(failed);
    excluded.addAll(failed);
    boolean isSafe = 2 * staying.size() > all && now.canBecome(staying);
    return failed.isEmpty() || !isSafe
        ? Optional.empty()
        : step(now, staying, excluded, failed + " have been silent for long");
  }

  private static Optional<Stage.Step> step(
      Shard now, List<NodeId> nodes, List<NodeId> excluded, String cause) {
    return Optional.of(
        new Stage.Step(new PlanNodes(now.id(), now.epoch(), nodes, excluded), cause));
  }

  void close() {
    returns.values().forEach(Return::close);
  }

  /** Looks whether one that is out answers, twice in a row. */
  private final class Return {
    private final NodeId node;
    private Conversation link;
    private boolean isBusy;
    private boolean isBack;
    private int answers;
    private long nextLook;

    Return(NodeId node) {
      this.node = node;
      this.link = open();
    }

    private Conversation open() {
      return new Conversation(
          host.links().open(node),
          reason -> {
            isBusy = false;
            answers = 0;
          });
    }

    void tick() {
      long now = host.scheduler().millis();
      if (isBusy || now < nextLook) {
        return;
      }
      isBusy = true;
      nextLook = now + AGAIN_MILLIS;
      if (!link.isOpen()) {
        link = open();
      }
      link.ask(
          NodeReport.QUESTIONS,
          replies -> {
            isBusy = false;
            isBack = ++answers > 1;
          });
    }

    void close() {
      link.end();
    }
  }
}
