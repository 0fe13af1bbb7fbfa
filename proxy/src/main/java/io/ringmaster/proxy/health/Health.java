package io.ringmaster.proxy.health;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What is known of all servers at one moment. Immutable.
 *
 * @param nodes by the server's address
 * @param takenNanos when, on a monotonic clock
 */
public record Health(Map<NodeId, NodeHealth> nodes, long takenNanos) {

  /** Copies the map. */
  public Health {
    nodes = Map.copyOf(nodes);
  }

  /** What is known of {@code node}. */
  public NodeHealth of(Node node) {
    NodeHealth known = nodes.get(node.id());
    return known == null ? NodeHealth.unknown(node) : known;
  }

  /** Where {@code node} stands next to the leader of its {@code shard}. */
  public ReplicationLag lag(Shard shard, Node node) {
    return ReplicationLag.of(of(shard.leader()), of(node));
  }

  /** Milliseconds since {@code node} last answered a probe; empty if it never did. */
  public OptionalLong silentMillis(NodeHealth node) {
    OptionalLong seen = node.lastSeenNanos();
    return seen.isPresent()
        ? OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(takenNanos - seen.getAsLong()))
        : OptionalLong.empty();
  }

  /** How many servers are in {@code state}. */
  public long count(NodeState state) {
    return nodes.values().stream().filter(node -> node.state() == state).count();
  }
}
