package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.List;
import java.util.Map;

/** Which servers of a shard remember what they acknowledged, and how many more may forget it. */
final class Memory {

  private final SimulatedGroup group;
  private final Map<NodeId, SimulatedServer> servers;
  private final Scenario scenario;

  Memory(SimulatedGroup group, Map<NodeId, SimulatedServer> servers, Scenario scenario) {
    this.group = group;
    this.servers = servers;
    this.scenario = scenario;
  }

  /** It runs as it was admitted. */
  boolean isIntact(SimulatedServer server) {
    return server.process().isRunning() && group.shard().isIntact(server.address(), server.runId());
  }

  long remembering(List<NodeId> nodes) {
    return servers.values().stream()
        .filter(server -> nodes.contains(server.address()) && remembers(server))
        .count();
  }

  /**
   * What was kept at a stop does not count once a leader is served; it may be, if one is chosen.
   */
  private boolean remembers(SimulatedServer server) {
    return isIntact(server) || (group.shard().state() != ShardState.PROMOTED && hasKept(server));
  }

  /** How many show by their marker that they have what there was when the shard was stopped. */
  long keepers() {
    return servers.values().stream().filter(this::hasKept).count();
  }

  private boolean hasKept(SimulatedServer server) {
    Map<String, String> marker = server.database().hash(Marker.KEY);
    MarkerPosition position =
        new MarkerPosition(
            Long.parseLong(marker.getOrDefault("epoch", "0")),
            Long.parseLong(marker.getOrDefault("n", "0")));
    Shard shard = group.shard();
    return shard.durable().filter(kept -> !kept.trusts(server.address())).isPresent()
        && server.process().isRunning()
        && shard.isDurableOn(server.address(), position);
  }

  /** How many have forgotten already, where {@link Scenario#forgetful()} may. */
  long forgetful() {
    Shard shard = group.shard();
    if (shard.hasServed() && isUnmarked()) {
      return scenario.forgetful();
    }
    if (shard.state() == ShardState.STOPPED) {
      // All others may be shut down.
      return scenario.forgetful() - (keepers() - 1);
    }
    List<NodeId> nodes = shard.nodeIds();
    List<NodeId> next = shard.pending().isEmpty() ? nodes : shard.pending();
    long remember = Math.min(remembering(nodes), remembering(next));
    return scenario.forgetful() - (remember - sealsNeeded(shard));
  }

  /** Whether somebody has deleted a marker: until there is one again it takes everybody. */
  boolean isUnmarked() {
    return servers.values().stream()
        .anyMatch(
            server -> server.process().isRunning() && server.database().hash(Marker.KEY).isEmpty());
  }

  /** Once a leader is chosen it may be served, and then nodes that are new count. */
  private static int sealsNeeded(Shard shard) {
    return shard.state() == ShardState.PROMOTED
        ? Math.max(shard.sealsNeeded(), shard.asNew().sealsNeeded())
        : shard.sealsNeeded();
  }
}
