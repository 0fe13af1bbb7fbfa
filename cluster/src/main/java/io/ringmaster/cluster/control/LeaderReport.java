package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.protocol.Reply;
import java.util.List;

/**
 * What a leader says of itself.
 *
 * @param node as any server does
 * @param durable whether it syncs every write before it answers it
 * @param users the names of its users
 * @param marker its position marker; none if it was not asked
 * @param progress of its replicas
 */
record LeaderReport(
    NodeReport node,
    boolean durable,
    List<String> users,
    MarkerPosition marker,
    ReplicaProgress progress) {

  /** By its answers to the questions that {@link LeaderWatch} asks, in that order; no marker. */
  static LeaderReport of(String incarnation, List<Reply> replies) {
    NodeReport node = NodeReport.of(incarnation, replies.subList(0, 2));
    return new LeaderReport(
        node,
        Durability.of(replies.subList(2, 5)),
        replies.get(5).elements().stream().map(Reply::text).toList(),
        MarkerPosition.NONE,
        ReplicaProgress.of(node, replies.get(6).text()));
  }

  LeaderReport with(MarkerPosition position) {
    return new LeaderReport(node, durable, users, position, progress);
  }
}
