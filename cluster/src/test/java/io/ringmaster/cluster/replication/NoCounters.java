package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.Shard;

/** Counts nothing. */
public class NoCounters implements BarrierCounters {

  @Override
  public void begun() {}

  @Override
  public void unleased() {}

  @Override
  public void held(int replies) {}

  @Override
  public void shortOfReplicas() {}

  @Override
  public void historyLost(Shard shard) {}

  @Override
  public void revoked(int replies) {}
}
