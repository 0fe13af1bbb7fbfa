package io.ringmaster.protocol.command;

/** Redis' own advice to proxies: where to send a command. See the tips in its documentation. */
public enum RequestPolicy {
  /** The shard of the keys, or any one if there are none. */
  DEFAULT,
  /** All masters and replicas. */
  ALL_NODES,
  /** All masters. */
  ALL_SHARDS,
  /** Split by key over the shards. */
  MULTI_SHARD,
  /** No simple rule. */
  SPECIAL
}
