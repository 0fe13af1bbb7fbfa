package io.ringmaster.cluster.topology;

/**
 * A node that has on disk everything that its shard had acknowledged, as it led and wrote what it
 * acknowledged to disk before: it remembers, even when it was restarted.
 *
 * @param node which one
 * @param epoch of the shard, in which it led
 */
public record Keeper(NodeId node, long epoch) {}
