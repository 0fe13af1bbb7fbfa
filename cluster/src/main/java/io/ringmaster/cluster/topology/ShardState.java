package io.ringmaster.cluster.topology;

/** The states of a shard, by how far it is with the leader of its epoch. */
public enum ShardState {
  /** As configured: nobody has looked at its servers yet. */
  NEW,
  /** Whoever led before is being cut off; who leads now is not decided. */
  FENCED,
  /** The same, and an operator has decided that nodes count that may have forgotten something. */
  FORCED,
  /** The leader is chosen, and is being set up. */
  PROMOTED,
  /** The leader serves. */
  SERVING,
  /**
   * The leader answers what it was sent, and is sent no more: requests wait until another epoch has
   * begun. Then it is cut off, and who leads in that epoch, if anybody, is decided.
   */
  PAUSED,
  /** Nobody leads until an operator wants it, and it is known who has everything on disk. */
  STOPPED;

  /** Whether nobody leads and somebody is to be chosen. */
  public boolean isFenced() {
    return this == FENCED || this == FORCED;
  }
}
