package io.ringmaster.proxy;

import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the servers have been taken over: the first clients of all would only be refused as long
 * as nobody has.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final CountDownLatch adopted = new CountDownLatch(1);
  private volatile Topology topology;

  Adoption(Topology topology) {
    this.topology = topology;
  }

  /** From now on {@code next} counts. */
  void follow(Topology next) {
    topology = next;
    if (next.shards().stream().allMatch(Shard::isServing)) {
      adopted.countDown();
    }
  }

  /** Waits until all shards have a leader, where none has ever had one, or for so long. */
  void await(Duration patience) {
    boolean isFirst = topology.shards().stream().anyMatch(s -> s.state() == ShardState.NEW);
    try {
      if (isFirst && !adopted.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("shards without a leader yet: {}", leaderless());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String leaderless() {
    return topology.shards().stream()
        .filter(shard -> !shard.isServing())
        .map(Shard::id)
        .collect(Collectors.joining(", "));
  }
}
