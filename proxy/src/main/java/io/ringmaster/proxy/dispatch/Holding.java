package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.spi.Scheduler;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
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
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The topology as one event loop knows it, and the clients that wait there because a shard has no
 * leader just now. A shard that is without one for longer is not waited for any more. Belongs to
 * that loop.
 */
public final class Holding {

  private static final int LOOK_AGAIN_MILLIS = 1;

  private final Scheduler scheduler;
  private final long patienceMillis;
  private final Predicate<Shard> busy;
  private final Consumer<Map<String, Long>> drained;
  private final Map<String, Long> leaderlessSince = new HashMap<>();
  private final List<ClientConnection> waiting = new ArrayList<>();
  private Topology topology;
  private boolean[] held = {};
  private boolean holdsSome;
  private Map<String, Long> idle = Map.of();
  private boolean looking;

  /**
   * @param patienceMillis how long a shard without a leader is waited for
   * @param busy whether anything is in flight between this loop and a shard
   * @param drained is told which shards that are handed over have nothing in flight here, and the
   *     epoch of each, whenever that changes
   */
  public Holding(
      Topology topology,
      Scheduler scheduler,
      long patienceMillis,
      Predicate<Shard> busy,
      Consumer<Map<String, Long>> drained) {
    this.topology = topology;
    this.scheduler = scheduler;
    this.patienceMillis = patienceMillis;
    this.busy = busy;
    this.drained = drained;
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
    lookWhetherDrained();
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

  private void lookWhetherDrained() {
    Map<String, Long> found = new HashMap<>();
    boolean isBusy = false;
    for (Shard shard : topology.shards()) {
      if (shard.state() == ShardState.HANDING_OVER) {
        if (busy.test(shard)) {
          isBusy = true;
        } else {
          found.put(shard.id(), shard.turned());
        }
      }
    }
    if (!found.equals(idle)) {
      idle = Map.copyOf(found);
      drained.accept(idle);
    }
    if (isBusy && !looking) {
      looking = true;
      scheduler.schedule(
          LOOK_AGAIN_MILLIS,
          () -> {
            looking = false;
            lookWhetherDrained();
          });
    }
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
