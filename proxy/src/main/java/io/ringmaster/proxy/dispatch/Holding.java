package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.KeyFinder;
import io.ringmaster.protocol.command.KeySearch;
import io.ringmaster.protocol.command.Treatment;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The topology as one event loop knows it, and the clients that wait there because a shard has no
 * leader just now, or one to which the connection is lost, so that another may be chosen. A shard
 * for which that lasts longer is not waited for any more. What is sent to a leader that says
 * nothing might be executed or not once another is chosen, so clients wait for it here. Belongs to
 * that loop.
 */
public final class Holding {

  private static final int LOOK_AGAIN_MILLIS = 10;

  private final Scheduler scheduler;
  private final long patienceMillis;
  private final Predicate<NodeId> reachable;
  private final Map<String, Long> leaderlessSince = new HashMap<>();
  // Leaders to which a connection is lost.
  private final Set<NodeId> lost = new HashSet<>();
  // Leaders that owe answers and say nothing; sooner or later they do, or are lost.
  private final Set<NodeId> silent = new HashSet<>();
  private final List<ClientConnection> waiting = new ArrayList<>();
  private Topology topology;
  private boolean[] held = {};
  private boolean holdsSome;
  private boolean looking;

  /**
   * @param patienceMillis how long a shard without a leader is waited for
   * @param reachable whether a node takes requests and answers; asked again and again, so that it
   *     may see to that
   */
  public Holding(
      Topology topology, Scheduler scheduler, long patienceMillis, Predicate<NodeId> reachable) {
    this.topology = topology;
    this.scheduler = scheduler;
    this.patienceMillis = patienceMillis;
    this.reachable = reachable;
  }

  /** The newest topology that has come to this loop. */
  public Topology topology() {
    return topology;
  }

  /** From now on {@code next} counts. */
  public void follow(Topology next) {
    topology = next;
    lost.removeIf(node -> !isWaitedFor(node));
    silent.removeIf(node -> !isWaitedFor(node));
    lookForLeaders();
  }

  /** A connection to {@code node} is lost. */
  public void lost(NodeId node) {
    silent.remove(node);
    if (isWaitedFor(node) && !reachable.test(node) && lost.add(node)) {
      lookForLeaders();
      lookSoon();
    }
  }

  /** {@code node} has said nothing for a while, although it owes answers. */
  public void silent(NodeId node) {
    if (isWaitedFor(node) && silent.add(node)) {
      reconsider();
      lookSoon();
    }
  }

  private boolean isWaitedFor(NodeId node) {
    return patienceMillis > 0
        && topology.shards().stream()
            .anyMatch(shard -> shard.isServing() && shard.leader().id().equals(node));
  }

  private void lookSoon() {
    if (!looking && !(lost.isEmpty() && silent.isEmpty())) {
      looking = true;
      scheduler.schedule(LOOK_AGAIN_MILLIS, this::lookAgain);
    }
  }

  private void lookAgain() {
    looking = false;
    boolean back = lost.removeIf(reachable);
    if (silent.removeIf(reachable) || back) {
      lookForLeaders();
    }
    lookSoon();
  }

  private void lookForLeaders() {
    Map<String, Long> before = Map.copyOf(leaderlessSince);
    leaderlessSince.clear();
    long now = scheduler.millis();
    for (Shard shard : topology.shards()) {
      if (!shard.isServing() || lost.contains(shard.leader().id())) {
        leaderlessSince.put(shard.id(), before.getOrDefault(shard.id(), now));
        if (!before.containsKey(shard.id())) {
          scheduler.schedule(patienceMillis, this::reconsider);
        }
      }
    }
    reconsider();
  }

  private void reconsider() {
    List<Shard> shards = topology.shards();
    long now = scheduler.millis();
    held = new boolean[shards.size()];
    holdsSome = false;
    for (int i = 0; i < held.length; i++) {
      Shard shard = shards.get(i);
      Long since = leaderlessSince.get(shard.id());
      held[i] =
          silent.contains(shard.leader().id()) || (since != null && now - since < patienceMillis);
      holdsSome |= held[i];
    }
    releaseAll();
  }

  /** Has the requests of all who wait come again. */
  public void releaseAll() {
    List<ClientConnection> released = List.copyOf(waiting);
    waiting.clear();
    released.forEach(ClientConnection::release);
  }

  /** Whether the request has to wait for a shard; then its client is told to go on later. */
  boolean holds(ClientConnection client, CommandSpec command, RequestFrame request, Router router) {
    if (!holdsSome || !concernsHeldShard(client, command, request, router)) {
      return false;
    }
    client.hold();
    waiting.add(client);
    return true;
  }

  private boolean concernsHeldShard(
      ClientConnection client, CommandSpec command, RequestFrame request, Router router) {
    Treatment treatment = command.treatment();
    if (treatment != Treatment.ROUTED && treatment != Treatment.SPLIT) {
      return treatment == Treatment.BROADCAST;
    }
    if (!(KeyFinder.positions(command, request) instanceof KeySearch.Found found)
        || found.positions().length == 0) {
      return true;
    }
    for (int position : found.positions()) {
      Shard shard = router.shardOf(topology, request, position);
      if (held[shard.index()]
          && !(shard.isServing() && asksReplicas(client, command, request, router))) {
        return true;
      }
    }
    return false;
  }

  private static boolean asksReplicas(
      ClientConnection client, CommandSpec command, RequestFrame request, Router router) {
    return command.isReadOnly() && router.levels(client, command, request).read().mayBeStale();
  }
}
