package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.Shard;
import java.util.Optional;

/** An operator has stopped the shard: its servers may be shut down, all of them. */
final class Stopped implements Stage {

  @Override
  public Optional<Step> tick(Shard now) {
    return Optional.empty();
  }

  @Override
  public void close() {}

  @Override
  public String waitsFor() {
    return "it was stopped, until CLUSTER.START";
  }
}
