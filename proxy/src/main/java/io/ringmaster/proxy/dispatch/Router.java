package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.replication.ReplicationPolicy;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.KeySlot;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.command.CommandSpec;
import io.ringmaster.protocol.command.KeyFinder;
import io.ringmaster.protocol.command.KeySearch;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.loop.DataLoop;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the shard of a request and sends it there. One for each event loop. */
public final class Router {

  private final Supplier<Topology> topology;
  private final ReplicationPolicy policy;
  private final DataLoop loop;

  public Router(Supplier<Topology> topology, ReplicationPolicy policy, DataLoop loop) {
    this.topology = topology;
    this.policy = policy;
    this.loop = loop;
  }

  public Topology topology() {
    return topology.get();
  }

  /** The shard of the key that is argument {@code index}. */
  Shard shardOf(Topology current, RequestFrame request, int index) {
    int length = request.length(index);
    byte[] key = loop.scratch(length);
    request.buffer().getBytes(request.offset(index), key, 0, length);
    int slot = KeySlot.of(key, 0, length);
    return current.hasOnlyDefaultKeyspace()
        ? current.shardOf(slot)
        : current.keyspaceOf(key, 0, length).shardOf(slot);
  }

  /**
   * The one shard of all keys, or null if they are on several. Without keys, or with arguments that
   * any server refuses, it is the first shard.
   */
  @Nullable Shard shardOf(Topology current, CommandSpec command, RequestFrame request) {
    if (command.singleKeyAtOne()) {
      return shardOf(current, request, 1);
    }
    Shard only = null;
    if (KeyFinder.positions(command, request) instanceof KeySearch.Found found) {
      for (int position : found.positions()) {
        Shard shard = shardOf(current, request, position);
        if (only != null && only.index() != shard.index()) {
          return null;
        }
        only = shard;
      }
    }
    return only == null ? current.shards().getFirst() : only;
  }

  public void send(
      ClientConnection client, RequestFrame request, Shard shard, ReplyCallback callback) {
    if (request.isReadOnly()) {
      policy.read(request, shard, client.session().lane(), callback);
    } else {
      policy.write(request, shard, client.session().lane(), callback);
    }
  }
}
