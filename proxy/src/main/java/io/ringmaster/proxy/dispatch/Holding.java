package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.Scheduler;
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
import java.util.List;
import java.util.Map;

/**
 * The topology as one event loop knows it, and the clients that wait there because a shard has no
 * leader just now. A shard that is without one for longer is not waited for any more. Belongs to
 * that loop.
 */
public final class Holding {

  private final Scheduler scheduler;
  private final long patienceMillis;
  private final Map<String, Long> leaderlessSince = new HashMap<>();
  private final List<ClientConnection> waiting = new ArrayList<>();
  private Topology topology;
  private boolean[] held = {};
  private boolean holdsSome;

  /** A shard without a leader is waited for {@code patienceMillis} long. */
  public Holding(Topology topology, Scheduler scheduler, long patienceMillis) {
    this.topology = topology;
    this.scheduler = scheduler;
    this.patienceMillis = patienceMillis;
  }

  /** The newest topology that has come to this loop. */
  public Topology topology() {
    return topology;
  }

  /** From now on {@code next} counts. */
  public void follow(Topology next) {
    topology = next;
    Map<String, Long> before = Map.copyOf(leaderlessSince);
    leaderlessSince.clear();
    long now = scheduler.millis();
    for (Shard shard : next.shards()) {
      if (!shard.isServing()) {
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
      Long since = leaderlessSince.get(shards.get(i).id());
      held[i] = since != null && now - since < patienceMillis;
      holdsSome |= held[i];
    }
    List<ClientConnection> released = List.copyOf(waiting);
    waiting.clear();
    released.forEach(ClientConnection::release);
  }

  /** Whether the request has to wait for a shard; then its client is told to go on later. */
  boolean holds(ClientConnection client, CommandSpec command, RequestFrame request, Router router) {
    if (!holdsSome || !concernsHeldShard(command, request, router)) {
      return false;
    }
    client.hold();
    waiting.add(client);
    return true;
  }

  private boolean concernsHeldShard(CommandSpec command, RequestFrame request, Router router) {
    Treatment treatment = command.treatment();
    if (treatment != Treatment.ROUTED && treatment != Treatment.SPLIT) {
      return treatment == Treatment.BROADCAST;
    }
    if (!(KeyFinder.positions(command, request) instanceof KeySearch.Found found)
        || found.positions().length == 0) {
      return true;
    }
    for (int position : found.positions()) {
      if (held[router.shardOf(topology, request, position).index()]) {
        return true;
      }
    }
    return false;
  }
}
