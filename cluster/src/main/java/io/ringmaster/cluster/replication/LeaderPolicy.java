package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.protocol.Request;

/** The leader executes everything; its replicas follow by Redis' own replication. */
public final class LeaderPolicy implements ReplicationPolicy {

  private final Backends backends;

  public LeaderPolicy(Backends backends) {
    this.backends = backends;
  }

  @Override
  public void read(Request request, Shard shard, Lane lane, ReplyCallback callback) {
    backends.send(shard.leader().id(), lane, request, callback);
  }

  @Override
  public void write(Request request, Shard shard, Lane lane, ReplyCallback callback) {
    backends.send(shard.leader().id(), lane, request, callback);
  }
}
