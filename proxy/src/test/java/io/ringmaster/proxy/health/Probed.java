package io.ringmaster.proxy.health;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Node;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the health of a server that is up. */
record Probed(Node node, String runId, boolean syncsEachWrite, ReplicationState before) {

  static Probed of(Node node) {
    return new Probed(node, "run1", false, ReplicationState.UNKNOWN);
  }

  static ReplicationState master(String history, long offset, Optional<MarkerPosition> marker) {
    return new ReplicationState("master", "", -1, history, offset, marker);
  }

  static ReplicationState slave(String history, long offset, Optional<MarkerPosition> marker) {
    return new ReplicationState("slave", "up", 0, history, offset, marker);
  }

  Probed run(String id) {
    return new Probed(node, id, syncsEachWrite, before);
  }

  Probed syncingEachWrite() {
    return new Probed(node, runId, true, before);
  }

  Probed earlier(ReplicationState replication) {
    return new Probed(node, runId, syncsEachWrite, replication);
  }

  NodeHealth now(ReplicationState replication) {
    return new NodeHealth(
        node,
        NodeState.UP,
        "7.0.15",
        runId,
        replication,
        before,
        syncsEachWrite,
        false,
        100,
        1000,
        OptionalLong.of(1),
        "",
        "",
        "",
        "");
  }
}
