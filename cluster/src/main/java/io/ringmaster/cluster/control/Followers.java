package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All nodes that are to follow the leader of a shard's epoch. */
final class Followers {

  private final Map<NodeId, Follower> followers = new LinkedHashMap<>();

  Followers(Host host, Shard shard, Administrator administrator) {
    for (Node replica : shard.replicas()) {
      followers.put(replica.id(), new Follower(host, shard, replica.id(), administrator));
    }
  }

  void tick(LeaderWatch leader) {
    followers.values().forEach(follower -> follower.tick(leader));
  }

  /**
   * When it was last seen that one has come, so that the place of the leader since then matters.
   */
  long awaitLookAfter() {
    return followers.values().stream()
        .mapToLong(Follower::awaitsLookAfter)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** The incarnation of each that has everything that the leader had. */
  Map<NodeId, String> caughtUp() {
    Map<NodeId, String> incarnations = new HashMap<>();
    followers.forEach(
        (node, follower) -> {
          String incarnation = follower.caughtUpIncarnation();
          if (incarnation != null) {
            incarnations.put(node, incarnation);
          }
        });
    return incarnations;
  }

  /** Whether one of them does not have everything that the leader had. */
  boolean lackQuorum() {
    return caughtUp().size() < followers.size();
  }

  /** Returns how many answer and are intact, whether the leader lives or not. */
  int able(Shard now) {
    return (int) followers.values().stream().filter(follower -> follower.isAble(now)).count();
  }

  /** Whether {@code node} answers and remembers what it has acknowledged. */
  boolean isAble(NodeId node, Shard now) {
    Follower follower = followers.get(node);
    return follower != null && follower.isAble(now);
  }

  /** The same, and has everything that the leader had when it began to follow. */
  boolean isReady(NodeId node, Shard now) {
    return isAble(node, now) && caughtUp().containsKey(node);
  }

  /** Returns those that have not answered for so long. */
  List<NodeId> silentFor(long millis) {
    return followers.entrySet().stream()
        .filter(entry -> entry.getValue().silentMillis() >= millis)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns what those lack that do not follow; empty if all do. */
  String troubles() {
    return followers.entrySet().stream()
        .filter(entry -> !entry.getValue().trouble().isEmpty())
        .map(entry -> entry.getKey() + ": " + entry.getValue().trouble())
        .collect(Collectors.joining("; "));
  }

  void close() {
    followers.values().forEach(Follower::close);
  }
}
