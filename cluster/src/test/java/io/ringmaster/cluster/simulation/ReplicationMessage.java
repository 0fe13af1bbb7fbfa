package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.topology.NodeId;

/** What a replica and its leader say to each other. */
sealed interface ReplicationMessage {

  /** From a replica to its leader. */
  sealed interface Up extends ReplicationMessage {}

  /** From a leader to a replica. */
  sealed interface Down extends ReplicationMessage {}

  /** The replica logs in, and asks to go on behind an offset of a history. */
  record Synchronize(NodeId replica, String user, String password, String history, long offset)
      implements Up {}

  /** The replica has everything up to an offset. */
  record Acknowledge(long offset) implements Up {}

  /** The server asked has no data of which it is sure. */
  record Refuse() implements Down {}

  /** The replica may go on; the history may have a new name. */
  record Continue(String history) implements Down {}

  /** The replica starts over with a full copy. */
  record FullCopy(String history, long offset, Database database) implements Down {}

  /** The next part of the stream. */
  record Stream(Effect effect) implements Down {}
}
