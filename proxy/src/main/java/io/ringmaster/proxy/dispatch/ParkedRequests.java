package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.Treatment;
import io.ringmaster.proxy.backend.BackendPool;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.FailureText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The topology as one event loop knows it, and the clients that wait there because a shard has no
 * leader just now, or one to which the connection is lost, so that another may be chosen. A shard
 * for which that lasts longer is not waited for any more. What is sent to a leader that says
 * nothing might be executed or not once another is chosen, so clients wait for it here. They also
 * wait for room in a connection that carries as much as it should, in the order in which they came,
 * but no longer than a time that is configured. Belongs to that loop.
 */
public final class ParkedRequests {

  private static final int LOOK_AGAIN_MILLIS = 10;

  private final Scheduler scheduler;
  private final long patienceMillis;
  private final BackendPool backends;
  private final Map<String, Long> leaderlessSince = new HashMap<>();
  // Leaders to which a connection is lost.
  private final Set<NodeId> lost = new HashSet<>();
  // Leaders that owe answers and say nothing; sooner or later they do, or are lost.
  private final Set<NodeId> silent = new HashSet<>();
  // Since when, first come first; until the request that made it wait goes on.
  private final Map<ClientConnection, Long> waiting = new LinkedHashMap<>();
  private Topology topology;
  private boolean[] held = {};
  private boolean holdsSome;
  private boolean looking;
  private boolean expiring;

  /** What becomes of a request. */
  enum Decision {
    /** It is sent now. */
    PROCEEDS,
    /** Its client is told to go on with it later. */
    WAITS,
    /** It has waited for too long, and its client was told so. */
    FAILED
  }

  /** {@code patienceMillis}: how long a shard without a leader is waited for. */
  public ParkedRequests(
      Topology topology, Scheduler scheduler, long patienceMillis, BackendPool backends) {
    this.topology = topology;
    this.scheduler = scheduler;
    this.patienceMillis = patienceMillis;
    this.backends = backends;
    backends.onRoom(this::releaseAll);
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
    if (isWaitedFor(node) && !backends.reach(node) && lost.add(node)) {
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
    boolean back = lost.removeIf(backends::reach);
    if (silent.removeIf(backends::reach) || back) {
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

  /** Has the requests of all who wait come again, in the order in which they came. */
  public void releaseAll() {
    waiting.keySet().removeIf(ClientConnection::isClosed);
    waiting.keySet().forEach(ClientConnection::unpark);
  }

  Decision decide(ClientConnection client, CommandSpec command, RequestFrame request, Route route) {
    if (!holdsSome && !backends.isCrowded() && waiting.isEmpty()) {
      return Decision.PROCEEDS;
    }
    if (holdsSome && concernsHeldShard(command, route)) {
      return waits(client);
    }
    NodeId full =
        backends.isCrowded()
            ? fullNode(client.session().preferences().lane(), command, route)
            : null;
    long since = waiting.getOrDefault(client, scheduler.millis());
    if (full != null && scheduler.millis() - since < backends.queueMillis()) {
      return waits(client);
    }
    waiting.remove(client);
    if (full == null) {
      return Decision.PROCEEDS;
    }
    client.countRequest(request);
    String reason = "too many requests are waiting for it";
    String text = FailureText.of(BackendFailure.NOT_SENT, true, full.toString(), reason);
    client.open(request.frameLength(), true).fail(text);
    return Decision.FAILED;
  }

  private Decision waits(ClientConnection client) {
    client.park();
    waiting.putIfAbsent(client, scheduler.millis());
    expireAfter(backends.queueMillis());
    return Decision.WAITS;
  }

  private void expireAfter(long millis) {
    if (!expiring) {
      expiring = true;
      scheduler.schedule(Math.max(1, millis), this::expire);
    }
  }

  /** Those whose time is over go on, if only to be told so. */
  private void expire() {
    expiring = false;
    waiting.keySet().removeIf(ClientConnection::isClosed);
    long begun = scheduler.millis() - backends.queueMillis();
    for (Map.Entry<ClientConnection, Long> each : waiting.entrySet()) {
      if (each.getValue() > begun) {
        expireAfter(each.getValue() - begun);
        return;
      }
      each.getKey().unpark();
    }
  }

  /** A node that the request would have to be sent to, and to which no more should be sent. */
  private @Nullable NodeId fullNode(Lane lane, CommandSpec command, Route route) {
    Treatment treatment = command.treatment();
    if (treatment == Treatment.ROUTED || treatment == Treatment.SPLIT) {
      boolean anyNode = asksReplicas(command, route);
      for (int i = 0; i < route.keys(); i++) {
        NodeId full = fullNode(route.shardOf(i), lane, anyNode);
        if (full != null) {
          return full;
        }
      }
    } else if (treatment == Treatment.BROADCAST) {
      for (Shard shard : topology.shards()) {
        NodeId full = fullNode(shard, lane, false);
        if (full != null) {
          return full;
        }
      }
    }
    return null;
  }

  /** The leader if it is full, and, where {@code anyNode} could be asked, all others are. */
  private @Nullable NodeId fullNode(Shard shard, Lane lane, boolean anyNode) {
    if (!backends.isFull(shard.leader().id(), lane)) {
      return null;
    }
    for (Node node : shard.nodes()) {
      if (anyNode && !backends.isFull(node.id(), lane)) {
        return null;
      }
    }
    return shard.leader().id();
  }

  private boolean concernsHeldShard(CommandSpec command, Route route) {
    Treatment treatment = command.treatment();
    if (treatment != Treatment.ROUTED && treatment != Treatment.SPLIT) {
      return treatment == Treatment.BROADCAST;
    }
    for (int i = 0; i < route.keys(); i++) {
      Shard shard = route.shardOf(i);
      if (held[shard.index()] && !(shard.isServing() && asksReplicas(command, route))) {
        return true;
      }
    }
    return route.keys() == 0;
  }

  private static boolean asksReplicas(CommandSpec command, Route route) {
    return command.isReadOnly() && route.levels().read().mayBeStale();
  }
}
