package io.ringmaster.proxy;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.health.Health;
import io.ringmaster.proxy.health.NodeHealth;
import io.ringmaster.proxy.health.NodeState;
import io.ringmaster.proxy.http.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whether shards have leaders that this process reaches, by what its probes have found, and whether
 * those that must have one do.
 */
final class Readiness implements Check {

  private final Supplier<Topology> topology;
  private final Supplier<Health> health;
  private final Settings.Ready wanted;

  Readiness(Supplier<Topology> topology, Supplier<Health> health, Settings.Ready wanted) {
    this.topology = topology;
    this.health = health;
    this.wanted = wanted;
  }

  @Override
  public String name() {
    return "shards";
  }

  @Override
  public Map<String, String> parts() {
    Health known = health.get();
    Map<String, String> parts = new LinkedHashMap<>();
    topology.get().shards().forEach(shard -> parts.put(shard.id(), reason(shard, known)));
    return parts;
  }

  private static String reason(Shard shard, Health known) {
    if (!shard.isServing()) {
      return "it has no leader that serves";
    }
    NodeHealth leader = known.of(shard.leader());
    return leader.state() == NodeState.UP
        ? ""
        : ("its leader " + leader.node().id() + " is " + leader.state().text())
            + (leader.lastError().isEmpty() ? "" : ": " + leader.lastError());
  }

  @Override
  public String reason() {
    Map<String, String> found = parts();
    List<String> ids = wanted.shards().isEmpty() ? List.copyOf(found.keySet()) : wanted.shards();
    List<String> missing =
        ids.stream().filter(id -> !found.getOrDefault(id, "no such shard").isEmpty()).toList();
    return switch (wanted.when()) {
      case NONE -> "";
      case ANY -> missing.size() < ids.size() ? "" : "none of them serves: " + missing;
      case ALL -> missing.isEmpty() ? "" : "not all of them serve: " + missing;
    };
  }
}
