package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Shard;
import java.util.Optional;

/**
 * Servers as they were configured: they are taken over by fencing them for the first time.
 *
 * @param shard the shard
 * @param unasked whether nobody has to ask for it
 */
record Adopting(Shard shard, boolean unasked) implements Stage {

  @Override
  public Optional<Step> tick(Shard now) {
    if (!unasked) {
      return Optional.empty();
    }
    return Optional.of(
        new Step(new FenceShard(shard.id(), shard.epoch() + 1, false), "its servers are adopted"));
  }

  @Override
  public void close() {}

  @Override
  public String waitsFor() {
    return unasked ? "" : "an operator has to ask for its servers: CLUSTER.ADOPT " + shard.id();
  }
}
