package io.ringmaster.cluster.spi;

/** The knowledge about a request that got no reply. */
public enum BackendFailure {
  /** No byte of it left this process: it was not executed and never will be. */
  NOT_SENT,
  /** The request was not sent, as nobody leads the shard. */
  NO_LEADER,
  /**
   * The request may have been executed, it may still be. Only a request that changes nothing may be
   * sent again.
   */
  OUTCOME_UNKNOWN
}
