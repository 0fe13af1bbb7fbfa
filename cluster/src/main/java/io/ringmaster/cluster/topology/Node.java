package io.ringmaster.cluster.topology;

/**
 * One backend server of a shard.
 *
 * @param id its address
 * @param role what the topology wants it to be; the server itself may disagree for a while
 */
public record Node(NodeId id, NodeRole role) {

  /** The node as leader. */
  public static Node leader(NodeId id) {
    return new Node(id, NodeRole.LEADER);
  }

  /** The node as replica. */
  public static Node replica(NodeId id) {
    return new Node(id, NodeRole.REPLICA);
  }

  /** Whether it is its shard's leader. */
  public boolean isLeader() {
    return role == NodeRole.LEADER;
  }
}
