package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.NoCounters;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.topology.NodeId;

/** Servers that are well, and of which nothing is heard unless it is asked for. */
abstract class QuietBackends extends NoCounters implements Backends, NodeStatus {

  @Override
  public String runId(NodeId node, Lane lane) {
    return "run";
  }

  @Override
  public void fence(NodeId node, String reason) {}

  @Override
  public void subscribe(NodeId node, String channel, MessageListener listener) {}

  @Override
  public void unsubscribe(NodeId node, String channel) {}

  @Override
  public String newName() {
    return "name";
  }

  @Override
  public void onLoss(LossListener listener) {}

  @Override
  public void onArrival(Runnable listener) {}

  @Override
  public boolean isFresh(NodeId node) {
    return true;
  }

  @Override
  public long latencyMicros(NodeId node) {
    return 0;
  }

  @Override
  public String unfit(NodeId node) {
    return "";
  }
}
