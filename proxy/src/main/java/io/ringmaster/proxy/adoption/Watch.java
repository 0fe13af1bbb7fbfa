package io.ringmaster.proxy.adoption;

import io.ringmaster.cluster.topology.NodeId;
import java.util.List;

/**
 * Sentinels that watch a master.
 *
 * @param master its name
 * @param quorum how many have to find that it is down
 * @param sentinels all of them
 * @param replicas that they know of
 * @param flags what they find of the master: just {@code master} if all is well
 */
record Watch(
    String master, String quorum, List<NodeId> sentinels, List<NodeId> replicas, String flags) {

  Watch {
    sentinels = List.copyOf(sentinels);
    replicas = List.copyOf(replicas);
  }
}
