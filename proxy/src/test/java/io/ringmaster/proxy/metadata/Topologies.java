package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.stream.IntStream;

/** Topologies to test with. */
final class Topologies {

  private Topologies() {}

  /** Shards s1, s2 and so on of three nodes each. */
  static Topology of(int shards) {
    return Topology.initial(
        IntStream.rangeClosed(1, shards).mapToObj(number -> shard("s" + number, number)).toList());
  }

  static Shard shard(String id, int number) {
    return Shard.of(id, node(number, 1), node(number, 2), node(number, 3));
  }

  private static NodeId node(int shard, int node) {
    return new NodeId("10.1." + shard + "." + node, 6379);
  }
}
