package io.ringmaster.cluster.topology;

/** A server in a shard. */
public record Node(NodeId id, NodeRole role) {}
