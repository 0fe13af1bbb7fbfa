package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import io.ringmaster.cluster.ring.HashRing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
 * @param incarnations which incarnation of its server ({@code run_id}) has been admitted, for each
 *     node that has: a node on another incarnation may have forgotten what it acknowledged
 * @param seals how many of the nodes it took, when a leader was last served, to have one of each
 *     set that could acknowledge something; 0 if none ever was
 * @param pending the nodes that it is to have in its next epoch, the leader first; empty if nothing
 *     is planned
 * @param outOfSync those of the nodes that are outside the in-sync set: they have been silent for
 *     long, and a write at level {@code all} does not wait for them; they count otherwise, and are
 *     back once they have caught up
 * @param durable who has everything on disk, until another leader has served
 * @param pauseEpoch the {@link Topology#epoch()} in which its leader was last sent no more
 *     requests, or was sent some again; 0 if never
 */
public record Shard(
    String id,
    int index,
    int weight,
    List<Node> nodes,
    long epoch,
    ShardState state,
    Map<NodeId, String> incarnations,
    int seals,
    List<NodeId> pending,
    List<NodeId> outOfSync,
    Optional<DurableNodes> durable,
    long pauseEpoch) {

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
    require(
        pending.stream().distinct().count() == pending.size(),
        "shard " + id + ": a node is planned twice");
    incarnations = Map.copyOf(incarnations);
    pending = List.copyOf(pending);
    List<NodeId> members = nodes.stream().skip(1).map(Node::id).toList();
    outOfSync = outOfSync.stream().filter(members::contains).distinct().toList();
  }

  /**
   * A shard of which nothing is planned. It has served if as many nodes were admitted as a usual
   * write is on.
   */
  public Shard(
      String id,
      int index,
      int weight,
      List<Node> nodes,
      long epoch,
      ShardState state,
      Map<NodeId, String> incarnations) {
    this(
        id,
        index,
        weight,
        nodes,
        epoch,
        state,
        incarnations,
        incarnations.size() >= WriteLevel.DEFAULT.writeQuorum(nodes.size())
            ? needed(nodes.size())
            : 0,
        List.of(),
        List.of(),
        Optional.empty(),
        0);
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

  /** The ids of the nodes, the leader's first. */
  public List<NodeId> nodeIds() {
    return nodes.stream().map(Node::id).toList();
  }

  /** Whether {@code node} is one of the nodes. */
  public boolean has(NodeId node) {
    return nodes.stream().anyMatch(n -> n.id().equals(node));
  }

  /** Returns how many nodes must have a write at {@code level} before it is acknowledged. */
  public int writeQuorum(WriteLevel level) {
    int needed = level.writeQuorum(nodes.size());
    // Nodes that are taken away while others are out of sync may leave less than a majority in
    // sync.
    return level == WriteLevel.ALL
        ? Math.max(needed - outOfSync.size(), WriteLevel.QUORUM.writeQuorum(nodes.size()))
        : needed;
  }

  /** Whether it is in the same state of the same epoch as {@code other}, and has not left it. */
  public boolean isUnchanged(Shard other) {
    return epoch == other.epoch && state == other.state && pauseEpoch == other.pauseEpoch;
  }

  /** Whether requests may be sent to it. */
  public boolean isServing() {
    return state == ShardState.SERVING;
  }

  /** Whether there ever was a leader that served. */
  public boolean hasServed() {
    return seals > 0;
  }

  /**
   * How many of the nodes have to be cut off, and remember, so that every set that could have
   * acknowledged something has one of them. Nodes that have come since it served last could not.
   */
  public int sealsNeeded() {
    return hasServed() ? seals : needed(nodes.size());
  }

  /**
   * Whether that is more than the present nodes would take, as it is not known yet that enough of
   * them have what others acknowledged before.
   */
  public boolean isInTransition() {
    return seals > needed(nodes.size());
  }

  private static int needed(int nodes) {
    return nodes - WriteLevel.QUORUM.writeQuorum(nodes) + 1;
  }

  /** Whether {@code incarnation} is the one in which {@code node} was admitted. */
  public boolean isIntact(NodeId node, String incarnation) {
    return incarnation.equals(incarnations.get(node));
  }

  /** Whether with {@code next} as its nodes there are enough that remember to choose a leader. */
  public boolean canBecome(List<NodeId> next) {
    long remember = next.stream().filter(incarnations::containsKey).count();
    return hasServed() && remember >= seals;
  }

  /** Whether {@code node}, whose marker is that one, has everything whatever happened to it. */
  public boolean isDurableOn(NodeId node, MarkerPosition marker) {
    return durable.filter(by -> by.by(node, marker)).isPresent();
  }

  /** All nodes that it has, or is to have. */
  List<NodeId> claimed() {
    Set<NodeId> all = new LinkedHashSet<>(nodeIds());
    all.addAll(pending);
    return List.copyOf(all);
  }

  /** Returns the same shard with another weight. */
  public Shard withWeight(int newWeight) {
    return new Shard(
        id,
        index,
        newWeight,
        nodes,
        epoch,
        state,
        incarnations,
        seals,
        pending,
        outOfSync,
        durable,
        pauseEpoch);
  }

  /** Returns the same shard, as if nobody had ever looked at its servers. */
  public Shard asNew() {
    return new Shard(id, index, weight, nodes, epoch, ShardState.NEW, Map.of());
  }

  Shard withIndex(int newIndex) {
    return newIndex == index
        ? this
        : new Shard(
            id,
            newIndex,
            weight,
            nodes,
            epoch,
            state,
            incarnations,
            seals,
            pending,
            outOfSync,
            durable,
            pauseEpoch);
  }

  Shard withPending(List<NodeId> nextNodes) {
    return new Shard(
        id,
        index,
        weight,
        nodes,
        epoch,
        state,
        incarnations,
        seals,
        nextNodes,
        outOfSync,
        durable,
        pauseEpoch);
  }

  Shard withOutOfSync(List<NodeId> nextOutOfSync) {
    return new Shard(
        id,
        index,
        weight,
        nodes,
        epoch,
        state,
        incarnations,
        seals,
        pending,
        nextOutOfSync,
        durable,
        pauseEpoch);
  }

  /** Takes those that have caught up into the in-sync set again. */
  private Shard including(Set<NodeId> caughtUp) {
    return withOutOfSync(outOfSync.stream().filter(node -> !caughtUp.contains(node)).toList());
  }

  Shard paused(long topologyEpoch) {
    return with(nodes, epoch, ShardState.PAUSED, incarnations, pending)
        .withPauseEpoch(topologyEpoch);
  }

  /** Returns the shard as it was before the pause. */
  Shard resumed(long topologyEpoch) {
    return with(nodes, epoch, ShardState.SERVING, incarnations, List.of())
        .withPauseEpoch(topologyEpoch);
  }

  Shard fenced(long newEpoch) {
    return with(nodes, newEpoch, ShardState.FENCED, incarnations, pending);
  }

  /** Makes what is pending true at once: who is forced to forget need not ask anybody. */
  Shard forced(long newEpoch) {
    return (pending.isEmpty() ? this : withPendingNodes()).with(newEpoch, ShardState.FORCED);
  }

  Shard handedOver(NodeId leader, String incarnation) {
    return withPendingNodes().with(epoch + 1, state).promoted(leader, incarnation, Map.of());
  }

  Shard stopped(long markerEpoch, long markerNumber) {
    return with(epoch + 1, ShardState.STOPPED)
        .withDurable(Optional.of(new DurableNodes(nodeIds(), markerEpoch, markerNumber)));
  }

  private Shard withPendingNodes() {
    List<Node> next = new ArrayList<>();
    for (NodeId node : pending) {
      next.add(next.isEmpty() ? Node.leader(node) : Node.replica(node));
    }
    Map<NodeId, String> stay = new HashMap<>(incarnations);
    stay.keySet().retainAll(pending);
    return with(next, epoch, state, stay, List.of());
  }

  Shard promoted(NodeId leader, String incarnation, Map<NodeId, String> returned) {
    Map<NodeId, String> remembering = new HashMap<>(returned);
    remembering.put(leader, incarnation);
    List<Node> led =
        nodes.stream()
            .map(n -> n.id().equals(leader) ? Node.leader(leader) : Node.replica(n.id()))
            .toList();
    return with(led, epoch, ShardState.PROMOTED, and(remembering), pending);
  }

  Shard serving(Map<NodeId, String> admitted) {
    Shard next = with(nodes, epoch, ShardState.SERVING, and(admitted), pending);
    long behind =
        next.incarnations.keySet().stream()
            .filter(node -> !admitted.containsKey(node) && !leader().id().equals(node))
            .count();
    // Each set that is larger than those behind has one that has everything.
    int enough = Math.min(seals, (int) behind + 1);
    return next.withSeals(Math.max(needed(nodes.size()), enough))
        .withDurable(Optional.empty())
        .including(admitted.keySet());
  }

  Shard admitting(NodeId node, String incarnation) {
    Shard next =
        with(nodes, epoch, state, and(Map.of(node, incarnation)), pending).including(Set.of(node));
    return replicas().size() == 1 ? next.withSeals(needed(2)) : next;
  }

  Shard durableOnLeader(boolean keeps) {
    return withDurable(
        keeps ? Optional.of(new DurableNodes(List.of(leader().id()), epoch, 0)) : Optional.empty());
  }

  private Shard withDurable(Optional<DurableNodes> newDurable) {
    return new Shard(
        id,
        index,
        weight,
        nodes,
        epoch,
        state,
        incarnations,
        seals,
        pending,
        outOfSync,
        newDurable,
        pauseEpoch);
  }

  private Shard withSeals(int newSeals) {
    return new Shard(
        id,
        index,
        weight,
        nodes,
        epoch,
        state,
        incarnations,
        newSeals,
        pending,
        outOfSync,
        durable,
        pauseEpoch);
  }

  private Shard withPauseEpoch(long newPauseEpoch) {
    return new Shard(
        id,
        index,
        weight,
        nodes,
        epoch,
        state,
        incarnations,
        seals,
        pending,
        outOfSync,
        durable,
        newPauseEpoch);
  }

  private Shard with(long newEpoch, ShardState newState) {
    return with(nodes, newEpoch, newState, incarnations, pending);
  }

  private Shard with(
      List<Node> newNodes,
      long newEpoch,
      ShardState newState,
      Map<NodeId, String> newIncarnations,
      List<NodeId> newPending) {
    return new Shard(
        id,
        index,
        weight,
        newNodes,
        newEpoch,
        newState,
        newIncarnations,
        seals,
        newPending,
        outOfSync,
        durable,
        pauseEpoch);
  }

  void requireEpoch(long wanted) {
    require(epoch == wanted, "shard %s has begun epoch %d, not %d".formatted(id, epoch, wanted));
  }

  /** A change that was thought out for another moment must not be made. */
  void requireState(long wantedEpoch, ShardState wanted) {
    require(
        epoch == wantedEpoch && state == wanted,
        "shard %s is %s in epoch %d, not %s in %d"
            .formatted(id, state, epoch, wanted, wantedEpoch));
  }

  /** Refuses what others have seen since the shard was paused before. */
  void requirePaused(long wantedEpoch, long since) {
    requireState(wantedEpoch, ShardState.PAUSED);
    require(
        pauseEpoch == since,
        "shard %s is paused since %d, not %d".formatted(id, pauseEpoch, since));
  }

  void requireNodes(Set<NodeId> wanted) {
    wanted.forEach(node -> require(has(node), node + " is not in shard " + id));
  }

  private Map<NodeId, String> and(Map<NodeId, String> admitted) {
    Map<NodeId, String> all = new HashMap<>(incarnations);
    all.putAll(admitted);
    return all;
  }
}
