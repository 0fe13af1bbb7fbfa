package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.Marker;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.KeySlot;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.KeyFinder;
import io.ringmaster.protocol.command.KeySearch;
import io.ringmaster.protocol.command.Treatment;
import io.ringmaster.proxy.frontend.Session;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.Arrays;

/**
 * Where a request goes: the shards and the keyspace of its keys, and the levels at which it is
 * executed. Found once for each request, then passed on. An event loop fills the same one again for
 * each request, so that nobody keeps it.
 */
public final class Route {

  private static final int USUAL_KEYS = 16;
  private static final int MOST_KEPT = 1024;

  private final DataLoop loop;
  private Topology topology;
  private Keyspace keyspace;
  private Shard shard;
  private Consistency levels;
  private int[] shardOfKey = new int[USUAL_KEYS];
  private int keys;
  private boolean onOneShard;
  private boolean reserved;

  /** A route of nothing yet, for the requests of {@code loop}. */
  Route(DataLoop loop, Topology topology) {
    this.loop = loop;
    this.topology = topology;
    this.shard = topology.shards().getFirst();
    this.keyspace = topology.defaultKeyspace();
    this.levels = keyspace.consistency();
  }

  /** Finds where {@code request} goes in {@code current}. */
  void find(Topology current, Session session, CommandSpec command, RequestFrame request) {
    topology = current;
    keyspace = current.defaultKeyspace();
    levels = keyspace.consistency();
    keys = 0;
    onOneShard = true;
    reserved = false;
    if (shardOfKey.length > MOST_KEPT) {
      shardOfKey = new int[USUAL_KEYS];
    }
    addKeys(command, request);
    if (keys == 0) {
      shard = current.shards().getFirst();
    }
    Consistency wanted = session.preferences().consistency(levels);
    levels = command.isLeadersOwn() ? wanted.atLeader() : wanted;
  }

  private void addKeys(CommandSpec command, RequestFrame request) {
    Treatment treatment = command.treatment();
    if (treatment == Treatment.SPLIT) {
      for (int i = 1; i < request.count(); i += command.keyStep()) {
        add(request, i);
      }
    } else if (treatment == Treatment.ROUTED || treatment == Treatment.LOCAL) {
      // A newer server may take more arguments than the table knows: the key is where it always is.
      if (command.singleKeyAtOne()) {
        add(request, 1);
      } else if (KeyFinder.positions(command, request) instanceof KeySearch.Found found) {
        for (int position : found.positions()) {
          add(request, position);
        }
      }
    }
  }

  private void add(RequestFrame request, int position) {
    int length = request.length(position);
    byte[] key = loop.scratch(length);
    request.buffer().getBytes(request.offset(position), key, 0, length);
    reserved |= length > 0 && key[0] == Marker.RESERVED;
    int slot = KeySlot.of(key, 0, length);
    if (topology.hasOnlyDefaultKeyspace()) {
      add(topology.shardOf(slot));
    } else {
      Keyspace found = topology.keyspaceOf(key, 0, length);
      levels = keys == 0 ? found.consistency() : levels.strongest(found.consistency());
      keyspace = keys == 0 ? found : keyspace;
      add(found.shardOf(slot));
    }
  }

  private void add(Shard found) {
    if (keys == 0) {
      shard = found;
    } else if (found.index() != shard.index()) {
      onOneShard = false;
    }
    if (keys == shardOfKey.length) {
      shardOfKey = Arrays.copyOf(shardOfKey, 2 * keys);
    }
    shardOfKey[keys++] = found.index();
  }

  /** The topology in which it was found. */
  Topology topology() {
    return topology;
  }

  /** Whether one of the keys belongs to the cluster itself, so that clients may not use it. */
  boolean hasReservedKey() {
    return reserved;
  }

  /**
   * How many keys there are; none if a server would refuse the arguments, or the command is not
   * executed by the shards of its keys.
   */
  int keys() {
    return keys;
  }

  /** The shard of the key that is number {@code key}, from 0 on. */
  Shard shardOf(int key) {
    return topology.shards().get(shardOfKey[key]);
  }

  /** The places of the shards of all keys, in the order of the keys. A copy. */
  int[] shardIndexes() {
    return Arrays.copyOf(shardOfKey, keys);
  }

  /** Whether all keys are on {@link #shard()}. */
  boolean isOnOneShard() {
    return onOneShard;
  }

  /** The shard of the first key; without keys the first shard. */
  Shard shard() {
    return shard;
  }

  /** The keyspace of the first key; without keys the default one. */
  Keyspace keyspace() {
    return keyspace;
  }

  /** The levels of the keys' keyspaces, of several the strongest, unless the client has its own. */
  Consistency levels() {
    return levels;
  }
}
