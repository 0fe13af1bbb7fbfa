package io.ringmaster.protocol.command;

/** The proxy's way with a command. */
public enum Treatment {
  /** Sent to the shard of its keys, which must be one shard; to any shard when it has none. */
  ROUTED,
  /** Split by key, sent to the shards concerned, and the replies merged. */
  SPLIT,
  /** Sent to all shards, or walked through them, and the replies merged. */
  BROADCAST,
  /** Answered by the proxy itself. */
  LOCAL,
  /** Needs a backend connection that serves this client only. */
  DEDICATED,
  /** Answered with an error that says why. */
  REFUSED
}
