package io.ringmaster.proxy.control;

import io.ringmaster.cluster.topology.Node;
import java.util.OptionalLong;

/**
 * What is known of one server.
 *
 * @param node the server as configured
 * @param state what the last probe found
 * @param role the role that it reports: {@code master} or {@code slave}; empty if unknown
 * @param version its version; empty if unknown
 * @param runId which run of the server; empty if unknown
 * @param masterLink a replica's link to its master: {@code up} or {@code down}; empty if there is
 *     none
 * @param offset its place in the replication stream, in bytes
 * @param masterSilentSeconds for how long a replica has heard nothing of its master; -1 if it has
 *     none
 * @param latencyMicros how long it takes to answer, smoothed; 0 if unknown
 * @param usedMemory bytes
 * @param lastSeenNanos when it last answered, on the clock of {@link Health#takenNanos}; empty if
 *     never
 * @param mismatch how it differs from what is configured; empty if it does not
 * @param unfit why it can promise nothing above level {@code async}; empty if it can
 * @param lastError why the last failed probe failed; empty if none has
 */
public record NodeHealth(
    Node node,
    NodeState state,
    String role,
    String version,
    String runId,
    String masterLink,
    long offset,
    long masterSilentSeconds,
    long latencyMicros,
    long usedMemory,
    OptionalLong lastSeenNanos,
    String mismatch,
    String unfit,
    String lastError) {

  static NodeHealth unknown(Node node) {
    return new NodeHealth(
        node, NodeState.UNKNOWN, "", "", "", "", 0, -1, 0, 0, OptionalLong.empty(), "", "", "");
  }

  NodeHealth failed(String error) {
    return new NodeHealth(
        node,
        NodeState.DOWN,
        role,
        version,
        runId,
        masterLink,
        offset,
        masterSilentSeconds,
        latencyMicros,
        usedMemory,
        lastSeenNanos,
        mismatch,
        unfit,
        error);
  }
}
