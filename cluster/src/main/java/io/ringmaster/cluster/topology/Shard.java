package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import io.ringmaster.cluster.ring.HashRing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A replica group: the nodes that hold the same slots.
 *
 * @param id name, unique and for ever, such as {@code s1}
 * @param index place in {@link Topology#shards()}; an array index for the data path, not an
 *     identity: it shifts when an earlier shard is removed
 * @param weight how many units of the slots it should hold
 * @param nodes exactly one leader, which comes first, and its replicas
 * @param epoch raised whenever nodes or leader change; starts at 1
 */
public record Shard(String id, int index, int weight, List<Node> nodes, long epoch) {

  /**
   * @throws InvalidTopologyException if the shard cannot be: no id, a weight out of range, not
   *     exactly one leader, a node that is listed twice
   */
  public Shard {
    require(id.matches("[A-Za-z0-9._-]+"), "shard '" + id + "': an id is letters, digits, '.-_'");
    require(index >= 0 && epoch >= 1, "shard " + id + ": index " + index + ", epoch " + epoch);
    require(
        weight >= 1 && weight <= HashRing.MAX_WEIGHT,
        "shard " + id + ": weight " + weight + " is not in 1.." + HashRing.MAX_WEIGHT);
    long leaders = nodes.stream().filter(Node::isLeader).count();
    require(leaders == 1, "shard " + id + " has " + leaders + " leaders; it needs one");
    long distinct = nodes.stream().map(Node::id).distinct().count();
    require(distinct == nodes.size(), "shard " + id + " lists a node twice");
    nodes = nodes.stream().sorted(Comparator.comparing(Node::role)).toList();
  }

  /** A shard of weight 1 in its first epoch, to build a topology from. */
  public static Shard of(String id, NodeId leader, NodeId... replicas) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(Node.leader(leader));
    for (NodeId replica : replicas) {
      nodes.add(Node.replica(replica));
    }
    return new Shard(id, 0, 1, nodes, 1);
  }

  /** The node that takes the writes. */
  public Node leader() {
    return nodes.getFirst();
  }

  /** All nodes but the leader. */
  public List<Node> replicas() {
    return nodes.subList(1, nodes.size());
  }

  /** Whether {@code node} is one of the nodes. */
  public boolean has(NodeId node) {
    return nodes.stream().anyMatch(n -> n.id().equals(node));
  }

  /** The same shard with another weight. */
  public Shard withWeight(int newWeight) {
    return new Shard(id, index, newWeight, nodes, epoch);
  }

  Shard withIndex(int newIndex) {
    return newIndex == index ? this : new Shard(id, newIndex, weight, nodes, epoch);
  }

  Shard withNodes(List<Node> newNodes) {
    return new Shard(id, index, weight, newNodes, epoch + 1);
  }
}
