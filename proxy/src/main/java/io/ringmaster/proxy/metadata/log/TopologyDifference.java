package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an operator may have meant to change by editing a configuration that counts no more. */
public final class TopologyDifference {

  private TopologyDifference() {}

  /** Shards, their nodes and weights, and keyspaces; not who leads, nor who owns which slot. */
  public static List<String> between(Topology configured, Topology agreed) {
    List<String> differences = new ArrayList<>();
    compare("shard", shards(configured), shards(agreed), differences);
    compare("keyspace", keyspaces(configured), keyspaces(agreed), differences);
    return differences;
  }

  private static <V> void compare(
      String what, Map<String, V> configured, Map<String, V> agreed, List<String> differences) {
    configured.forEach(
        (id, value) -> {
          if (!agreed.containsKey(id)) {
            differences.add(what + " " + id + " is configured only");
          } else if (!value.equals(agreed.get(id))) {
            differences.add(what + " " + id + " is configured otherwise");
          }
        });
    for (String id : agreed.keySet()) {
      if (!configured.containsKey(id)) {
        differences.add(what + " " + id + " is not configured");
      }
    }
  }

  private record Form(int weight, Set<NodeId> nodes) {}

  private static Map<String, Form> shards(Topology topology) {
    Map<String, Form> forms = new LinkedHashMap<>();
    for (Shard shard : topology.shards()) {
      Set<NodeId> nodes = Set.copyOf(shard.nodeIds());
      forms.put(shard.id(), new Form(shard.weight(), nodes));
    }
    return forms;
  }

  private static Map<String, KeyspaceDefinition> keyspaces(Topology topology) {
    Map<String, KeyspaceDefinition> definitions = new LinkedHashMap<>();
    for (Keyspace keyspace : topology.keyspaces()) {
      definitions.put(keyspace.name(), keyspace.definition());
    }
    return definitions;
  }
}
