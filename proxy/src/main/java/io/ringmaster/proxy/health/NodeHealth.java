package io.ringmaster.proxy.health;

import io.ringmaster.cluster.topology.Node;
import java.util.OptionalLong;

/**
 * What is known of one server.
 *
 * @param node the server as the topology has it
 * @param state what the last probe found
 * @param version its version; empty if unknown
 * @param runId the incarnation of the server; empty if unknown
 * @param replication its place in the replication of its shard
 * @param earlier the same at the probe before
 * @param syncsEachWrite whether every write that it answers is on its disk
 * @param lostData whether it was restarted, may have forgotten what it had answered, and has not
 *     been synced with its leader since
 * @param latencyMicros how long it takes to answer, smoothed; 0 if unknown
 * @param usedMemory bytes
 * @param lastSeenNanos when it last answered, on the clock of {@link Health#takenNanos}; empty if
 *     never
 * @param mismatch how it differs from what is configured; empty if it does not
 * @param unfit why it can promise nothing above level {@code async}; empty if it can
 * @param warning what the operator should know of its configuration; empty if there is nothing
 * @param lastError why the last failed probe failed; empty if none has
 */
public record NodeHealth(
    Node node,
    NodeState state,
    String version,
    String runId,
    ReplicationState replication,
    ReplicationState earlier,
    boolean syncsEachWrite,
    boolean lostData,
    long latencyMicros,
    long usedMemory,
    OptionalLong lastSeenNanos,
    String mismatch,
    String unfit,
    String warning,
    String lastError) {

  static NodeHealth unknown(Node node) {
    ReplicationState unknown = ReplicationState.UNKNOWN;
    return new NodeHealth(
        node,
        NodeState.UNKNOWN,
        "",
        "",
        unknown,
        unknown,
        false,
        false,
        0,
        0,
        OptionalLong.empty(),
        "",
        "",
        "",
        "");
  }

  /** The last probe has failed. */
  NodeHealth failed(String error) {
    return new NodeHealth(
        node,
        NodeState.DOWN,
        version,
        runId,
        replication,
        earlier,
        syncsEachWrite,
        lostData,
        latencyMicros,
        usedMemory,
        lastSeenNanos,
        mismatch,
        unfit,
        warning,
        error);
  }

  /** It has answered that it is loading its data. */
  NodeHealth loading(String error, long seenNanos) {
    return new NodeHealth(
        node,
        NodeState.LOADING,
        version,
        runId,
        replication.whileLoading(),
        earlier,
        syncsEachWrite,
        lostData,
        latencyMicros,
        usedMemory,
        OptionalLong.of(seenNanos),
        "",
        unfit,
        warning,
        error);
  }

  NodeHealth node(Node now) {
    return new NodeHealth(
        now,
        state,
        version,
        runId,
        replication,
        earlier,
        syncsEachWrite,
        lostData,
        latencyMicros,
        usedMemory,
        lastSeenNanos,
        mismatch,
        unfit,
        warning,
        lastError);
  }

  NodeHealth lostData(boolean nowLostData) {
    return new NodeHealth(
        node,
        state,
        version,
        runId,
        replication,
        earlier,
        syncsEachWrite,
        nowLostData,
        latencyMicros,
        usedMemory,
        lastSeenNanos,
        mismatch,
        unfit,
        warning,
        lastError);
  }

  NodeHealth unfit(String reason) {
    return new NodeHealth(
        node,
        state,
        version,
        runId,
        replication,
        earlier,
        syncsEachWrite,
        lostData,
        latencyMicros,
        usedMemory,
        lastSeenNanos,
        mismatch,
        reason,
        warning,
        lastError);
  }
}
