package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.WriteLevel;
import io.ringmaster.protocol.Request;

/** The way of requests to the nodes of one shard. One implementation for each consistency model. */
public interface ReplicationPolicy {

  /** Sends a request that changes nothing. */
  void read(
      Request request,
      Shard shard,
      Lane lane,
      ReadLevel level,
      ClientView view,
      ReplyCallback callback);

  /** Sends a request that may change something. */
  void write(
      Request request,
      Shard shard,
      Lane lane,
      WriteLevel level,
      ClientView view,
      ReplyCallback callback);

  /** Whether a write to {@code shard} is under way, or its reply is not committed yet. */
  boolean isBusy(Shard shard);
}
