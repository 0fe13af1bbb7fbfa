package io.ringmaster.cluster.topology;

import java.util.List;

/** A replica group. */
public record Shard(String id, int index, int weight, List<Node> nodes, Node leader) {}
