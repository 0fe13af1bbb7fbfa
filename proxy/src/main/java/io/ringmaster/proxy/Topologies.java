package io.ringmaster.proxy;

import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** The topology that a configuration describes. */
final class Topologies {

  private Topologies() {}

  static Topology of(Settings settings) {
    List<KeyspaceDefinition> keyspaces = new ArrayList<>();
    Settings.Consistency usual = settings.consistency();
    keyspaces.add(
        KeyspaceDefinition.ofDefault()
            .withConsistency(new Consistency(usual.read(), usual.write())));
    settings.keyspaces().forEach(keyspace -> keyspaces.add(keyspace(keyspace)));
    return Topology.initial(shards(settings), keyspaces);
  }

  /** Shards that are fenced serve only when a controller has taken their servers over. */
  private static List<Shard> shards(Settings settings) {
    boolean fenced = settings.coordinator().enabled() && settings.coordinator().fence();
    return settings.shards().stream()
        .map(Topologies::shard)
        .map(shard -> fenced ? shard.asNew() : shard)
        .toList();
  }

  private static Shard shard(Settings.Shard shard) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(Node.leader(node(shard.leader())));
    shard.replicas().forEach(replica -> nodes.add(Node.replica(node(replica))));
    return new Shard(shard.id(), 0, shard.weight(), nodes, 1);
  }

  static NodeId node(Address address) {
    return new NodeId(address.host(), address.port());
  }

  private static KeyspaceDefinition keyspace(Settings.Keyspace keyspace) {
    return new KeyspaceDefinition(
        keyspace.name(),
        keyspace.prefix(),
        PolicyName.LEADER,
        keyspace.shards(),
        new Consistency(keyspace.read(), keyspace.write()));
  }
}
