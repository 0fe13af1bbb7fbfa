package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import java.util.HashMap;
import java.util.Map;

/** The sessions at the nodes of one shard, at most one at each. */
final class Administrator {

  private final Host host;
  private final Map<NodeId, AdminSession> sessions = new HashMap<>();

  Administrator(Host host) {
    this.host = host;
  }

  /** Does {@code work} at {@code node}, instead of what may be going on there. */
  void start(NodeId node, AdminSession.Work work) {
    session(node).run(work);
  }

  /** Logs in, so that what is started there later need not wait for that. */
  void prepare(NodeId node) {
    session(node);
  }

  /** Lets {@link #runId} tell only who answers after this. */
  void greet(NodeId node) {
    session(node).greet();
  }

  /** The incarnation of the server at {@code node} that has let it in; empty if none has. */
  String runId(NodeId node) {
    AdminSession present = sessions.get(node);
    return present != null && present.isUsable() ? present.runId() : "";
  }

  private AdminSession session(NodeId node) {
    AdminSession present = sessions.get(node);
    if (present != null && present.isUsable()) {
      return present;
    }
    if (present != null) {
      present.end();
    }
    AdminSession fresh = new AdminSession(host, node);
    sessions.put(node, fresh);
    return fresh;
  }

  void close() {
    sessions.values().forEach(AdminSession::end);
    sessions.clear();
  }
}
