package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import io.ringmaster.cluster.ring.HashRing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A replica group: the nodes that hold the same slots.
 *
 * @param id name, unique and for ever, such as {@code s1}
 * @param index place in {@link Topology#shards()}; an array index for the data path, not an
 *     identity: it shifts when an earlier shard is removed
 * @param weight how many units of the slots it should hold
 * @param nodes exactly one leader, which comes first, and its replicas
 * @param epoch raised whenever nodes or leader change; starts at 1
 * @param state how far it is with the leader of this epoch
 * @param runs which run of its server ({@code run_id}) has been admitted, for each node that has: a
 *     node on another run may have forgotten what it acknowledged
 */
public record Shard(
    String id,
    int index,
    int weight,
    List<Node> nodes,
    long epoch,
    ShardState state,
    Map<NodeId, String> runs) {

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
    runs = Map.copyOf(runs);
  }

  /** A shard that serves, of whose servers nothing is known. */
  public Shard(String id, int index, int weight, List<Node> nodes, long epoch) {
    this(id, index, weight, nodes, epoch, ShardState.SERVING, Map.of());
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

  /** Whether requests may be sent to it. */
  public boolean isServing() {
    return state == ShardState.SERVING;
  }

  /** Whether there ever was a leader that served: it had as many nodes as a usual write is on. */
  public boolean hasServed() {
    return runs.size() >= WriteLevel.DEFAULT.copies(nodes.size());
  }

  /** Whether {@code run} is the one in which {@code node} was admitted. */
  public boolean isAdmitted(NodeId node, String run) {
    return run.equals(runs.get(node));
  }

  /** The same shard with another weight. */
  public Shard withWeight(int newWeight) {
    return new Shard(id, index, newWeight, nodes, epoch, state, runs);
  }

  /** The same shard, as if nobody had ever looked at its servers. */
  public Shard asNew() {
    return new Shard(id, index, weight, nodes, epoch, ShardState.NEW, Map.of());
  }

  Shard withIndex(int newIndex) {
    return newIndex == index ? this : new Shard(id, newIndex, weight, nodes, epoch, state, runs);
  }

  Shard withNodes(List<Node> newNodes) {
    Map<NodeId, String> kept = new HashMap<>(runs);
    kept.keySet().retainAll(newNodes.stream().map(Node::id).toList());
    return new Shard(id, index, weight, newNodes, epoch + 1, state, kept);
  }

  Shard fenced(long newEpoch, boolean forced) {
    ShardState fenced = forced ? ShardState.FORCED : ShardState.FENCED;
    return new Shard(id, index, weight, nodes, newEpoch, fenced, runs);
  }

  Shard promoted(NodeId leader, String run) {
    List<Node> led =
        nodes.stream()
            .map(n -> n.id().equals(leader) ? Node.leader(leader) : Node.replica(n.id()))
            .toList();
    return new Shard(id, index, weight, led, epoch, ShardState.PROMOTED, with(Map.of(leader, run)));
  }

  Shard serving(Map<NodeId, String> admitted) {
    return new Shard(id, index, weight, nodes, epoch, ShardState.SERVING, with(admitted));
  }

  Shard admitting(NodeId node, String run) {
    return new Shard(id, index, weight, nodes, epoch, state, with(Map.of(node, run)));
  }

  /** A change that was thought out for another moment must not be made. */
  void requireTurn(long wantedEpoch, ShardState wanted) {
    require(
        epoch == wantedEpoch && state == wanted,
        "shard %s is %s in epoch %d, not %s in %d"
            .formatted(id, state, epoch, wanted, wantedEpoch));
  }

  private Map<NodeId, String> with(Map<NodeId, String> admitted) {
    Map<NodeId, String> all = new HashMap<>(runs);
    all.putAll(admitted);
    return all;
  }
}
