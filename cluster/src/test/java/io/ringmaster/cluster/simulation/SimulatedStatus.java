package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.topology.NodeId;

/** What a process believes of nodes: almost anything. */
record SimulatedStatus(SimulatedProcess process) implements NodeStatus {

  @Override
  public boolean isFresh(NodeId node) {
    return process.world().chance(0.9);
  }

  @Override
  public String unfit(NodeId node) {
    return "";
  }

  @Override
  public long latencyMicros(NodeId node) {
    return process.world().between(100, 1_000);
  }
}
