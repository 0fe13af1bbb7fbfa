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
 * @param leadership who may lead it, and how far it is with that
 */
public record Shard(String id, int index, int weight, List<Node> nodes, Leadership leadership) {

  /**
   * @throws InvalidTopologyException if the shard cannot be: no id, a weight out of range, not
   *     exactly one leader, a node that is listed twice
   */
  public Shard {
    require(id.matches("[A-Za-z0-9._-]+"), "shard '" + id + "': an id is letters, digits, '.-_'");
    long epoch = leadership.epoch();
    require(index >= 0 && epoch >= 1, "shard " + id + ": index " + index + ", epoch " + epoch);
    require(
        weight >= 1 && weight <= HashRing.MAX_WEIGHT,
        "shard " + id + ": weight " + weight + " is not in 1.." + HashRing.MAX_WEIGHT);
    long leaders = nodes.stream().filter(Node::isLeader).count();
    require(leaders == 1, "shard " + id + " has " + leaders + " leaders; it needs one");
    long distinct = nodes.stream().map(Node::id).distinct().count();
    require(distinct == nodes.size(), "shard " + id + " lists a node twice");
    nodes = nodes.stream().sorted(Comparator.comparing(Node::role)).toList();
    List<NodeId> members = nodes.stream().skip(1).map(Node::id).toList();
    if (!members.containsAll(leadership.outOfSync())) {
      List<NodeId> left = leadership.outOfSync().stream().filter(members::contains).toList();
      leadership = leadership.next().outOfSync(left).made();
    }
  }

  /**
   * A shard without a pending reconfiguration. It has served if as many nodes are known to be
   * intact as a usual write is on.
   */
  public Shard(
      String id,
      int index,
      int weight,
      List<Node> nodes,
      long epoch,
      ShardState state,
      Map<NodeId, String> incarnations) {
    this(id, index, weight, nodes, leadership(nodes.size(), epoch, state, incarnations));
  }

  private static Leadership leadership(
      int nodes, long epoch, ShardState state, Map<NodeId, String> incarnations) {
    boolean served = incarnations.size() >= WriteLevel.DEFAULT.writeQuorum(nodes);
    return new Leadership(epoch, state)
        .next()
        .incarnations(incarnations)
        .seals(served ? needed(nodes) : 0)
        .made();
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

  /** See {@link Leadership}. */
  public long epoch() {
    return leadership.epoch();
  }

  /** See {@link Leadership}. */
  public ShardState state() {
    return leadership.state();
  }

  /** See {@link Leadership}. */
  public Map<NodeId, String> incarnations() {
    return leadership.incarnations();
  }

  /** See {@link Leadership}. */
  public int seals() {
    return leadership.seals();
  }

  /** See {@link Leadership}. */
  public List<NodeId> pending() {
    return leadership.pending();
  }

  /** See {@link Leadership}. */
  public List<NodeId> outOfSync() {
    return leadership.outOfSync();
  }

  /** See {@link Leadership}. */
  public Optional<DurableNodes> durable() {
    return leadership.durable();
  }

  /** See {@link Leadership}. */
  public long pauseEpoch() {
    return leadership.pauseEpoch();
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
        ? Math.max(needed - outOfSync().size(), WriteLevel.QUORUM.writeQuorum(nodes.size()))
        : needed;
  }

  /** Whether it is in the same state of the same epoch as {@code other}, and has not left it. */
  public boolean isUnchanged(Shard other) {
    return epoch() == other.epoch()
        && state() == other.state()
        && pauseEpoch() == other.pauseEpoch();
  }

  /** Whether requests may be sent to it. */
  public boolean isServing() {
    return state() == ShardState.SERVING;
  }

  /** Whether there ever was a leader that served. */
  public boolean hasServed() {
    return seals() > 0;
  }

  /**
   * How many of the nodes have to be cut off, and remember, so that every set that could have
   * acknowledged something has one of them. Nodes that have come since it served last could not.
   */
  public int sealsNeeded() {
    return hasServed() ? seals() : needed(nodes.size());
  }

  /**
   * Whether that is more than the present nodes would take, as it is not known yet that enough of
   * them have what others acknowledged before.
   */
  public boolean isInTransition() {
    return seals() > needed(nodes.size());
  }

  private static int needed(int nodes) {
    return nodes - WriteLevel.QUORUM.writeQuorum(nodes) + 1;
  }

  /** Whether {@code incarnation} is the one in which {@code node} was admitted. */
  public boolean isIntact(NodeId node, String incarnation) {
    return incarnation.equals(incarnations().get(node));
  }

  /** Whether with {@code next} as its nodes there are enough that remember to choose a leader. */
  public boolean canBecome(List<NodeId> next) {
    long intact = next.stream().filter(incarnations()::containsKey).count();
    return hasServed() && intact >= seals();
  }

  /** Whether {@code node}, whose marker is that one, has everything whatever happened to it. */
  public boolean isDurableOn(NodeId node, MarkerPosition marker) {
    return durable().filter(by -> by.by(node, marker)).isPresent();
  }

  /** All nodes that it has, or is to have. */
  List<NodeId> claimed() {
    Set<NodeId> all = new LinkedHashSet<>(nodeIds());
    all.addAll(pending());
    return List.copyOf(all);
  }

  /** Returns the same shard with another weight. */
  public Shard withWeight(int newWeight) {
    return new Shard(id, index, newWeight, nodes, leadership);
  }

  /** Returns the same shard, as if nobody had ever looked at its servers. */
  public Shard asNew() {
    return with(new Leadership(epoch(), ShardState.NEW));
  }

  /** Returns the same shard with another leadership. */
  public Shard with(Leadership next) {
    return new Shard(id, index, weight, nodes, next);
  }

  Shard withIndex(int newIndex) {
    return newIndex == index ? this : new Shard(id, newIndex, weight, nodes, leadership);
  }

  Shard withPending(List<NodeId> next) {
    return with(leadership.next().pending(next).made());
  }

  Shard withOutOfSync(List<NodeId> next) {
    return with(leadership.next().outOfSync(next).made());
  }

  Shard paused(long topologyEpoch) {
    return with(leadership.next().state(ShardState.PAUSED).pauseEpoch(topologyEpoch).made());
  }

  /** Returns the shard as it was before the pause. */
  Shard resumed(long topologyEpoch) {
    Leadership.Next next = leadership.next().state(ShardState.SERVING).pauseEpoch(topologyEpoch);
    return with(next.pending(List.of()).made());
  }

  Shard fenced(long newEpoch) {
    return with(leadership.next().epoch(newEpoch).state(ShardState.FENCED).made());
  }

  /** Makes what is pending true at once: who is forced to lose data need not ask anybody. */
  Shard forced(long newEpoch) {
    Shard next = pending().isEmpty() ? this : withPendingNodes();
    return next.with(next.leadership.next().epoch(newEpoch).state(ShardState.FORCED).made());
  }

  Shard handedOver(NodeId leader, String incarnation) {
    Shard next = withPendingNodes().promoted(leader, incarnation, Map.of());
    return next.with(next.leadership.next().epoch(epoch() + 1).made());
  }

  Shard stopped(long markerEpoch, long markerNumber) {
    DurableNodes all = new DurableNodes(nodeIds(), markerEpoch, markerNumber);
    Leadership.Next next = leadership.next().epoch(epoch() + 1).state(ShardState.STOPPED);
    return with(next.durable(Optional.of(all)).made());
  }

  private Shard withPendingNodes() {
    List<Node> next = new ArrayList<>();
    for (NodeId node : pending()) {
      next.add(next.isEmpty() ? Node.leader(node) : Node.replica(node));
    }
    Map<NodeId, String> stay = new HashMap<>(incarnations());
    stay.keySet().retainAll(pending());
    return with(next, leadership.next().incarnations(stay).pending(List.of()));
  }

  Shard promoted(NodeId leader, String incarnation, Map<NodeId, String> returned) {
    List<Node> led =
        nodes.stream()
            .map(n -> n.id().equals(leader) ? Node.leader(leader) : Node.replica(n.id()))
            .toList();
    Leadership.Next next = leadership.next().state(ShardState.PROMOTED);
    return with(led, next.intact(returned).intact(Map.of(leader, incarnation)));
  }

  Shard serving(Map<NodeId, String> caughtUp) {
    Leadership.Next next = leadership.next().state(ShardState.SERVING).intact(caughtUp);
    long behind =
        incarnations().keySet().stream()
            .filter(node -> !caughtUp.containsKey(node) && !leader().id().equals(node))
            .count();
    // Each set that is larger than those behind has one that has everything.
    int enough = Math.min(seals(), (int) behind + 1);
    next.seals(Math.max(needed(nodes.size()), enough)).durable(Optional.empty());
    return with(next.inSync(caughtUp.keySet()).made());
  }

  Shard intact(NodeId node, String incarnation) {
    Leadership.Next next = leadership.next().intact(Map.of(node, incarnation));
    next.seals(replicas().size() == 1 ? needed(2) : seals());
    return with(next.inSync(Set.of(node)).made());
  }

  Shard durableOnLeader(boolean keeps) {
    DurableNodes itself = new DurableNodes(List.of(leader().id()), epoch(), 0);
    return with(leadership.next().durable(Optional.of(itself).filter(any -> keeps)).made());
  }

  private Shard with(List<Node> newNodes, Leadership.Next next) {
    return new Shard(id, index, weight, newNodes, next.made());
  }

  void requireEpoch(long wanted) {
    require(
        epoch() == wanted, "shard %s has begun epoch %d, not %d".formatted(id, epoch(), wanted));
  }

  /** A change that was thought out for another moment must not be made. */
  void requireState(long wantedEpoch, ShardState wanted) {
    require(
        epoch() == wantedEpoch && state() == wanted,
        "shard %s is %s in epoch %d, not %s in %d"
            .formatted(id, state(), epoch(), wanted, wantedEpoch));
  }

  /** Refuses what others have seen since the shard was paused before. */
  void requirePaused(long wantedEpoch, long since) {
    requireState(wantedEpoch, ShardState.PAUSED);
    require(
        pauseEpoch() == since,
        "shard %s is paused since %d, not %d".formatted(id, pauseEpoch(), since));
  }

  void requireNodes(Set<NodeId> wanted) {
    wanted.forEach(node -> require(has(node), node + " is not in shard " + id));
  }
}
