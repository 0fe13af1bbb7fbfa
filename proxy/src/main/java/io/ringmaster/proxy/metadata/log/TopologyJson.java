package io.ringmaster.proxy.metadata.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import io.ringmaster.cluster.ring.SlotRange;
import io.ringmaster.cluster.ring.SlotTable;
import io.ringmaster.cluster.topology.Consistency;
import io.ringmaster.cluster.topology.DurableNodes;
import io.ringmaster.cluster.topology.Keyspace;
import io.ringmaster.cluster.topology.KeyspaceDefinition;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.ReadLevel;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.WriteLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A topology as JSON that an operator can read: slots as ranges, nodes with their leader first. */
public final class TopologyJson {

  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  private TopologyJson() {}

  /** One line of JSON. */
  public static String line(Map<String, Object> value) {
    return ConfigValueFactory.fromMap(value).render(ConfigRenderOptions.concise());
  }

  /**
   * What {@link #line} wrote.
   *
   * @throws com.typesafe.config.ConfigException if the text is something else
   */
  public static Config parsed(String line) {
    return ConfigFactory.parseString(line, JSON);
  }

  static Map<String, Object> of(Topology topology) {
    return Map.of(
        "epoch",
        topology.epoch(),
        "shards",
        topology.shards().stream().map(TopologyJson::shard).toList(),
        "keyspaces",
        topology.keyspaces().stream().map(TopologyJson::keyspace).toList());
  }

  static Topology topology(Config json) {
    Map<KeyspaceDefinition, SlotTable> keyspaces = new LinkedHashMap<>();
    json.getConfigList("keyspaces").forEach(k -> keyspaces.put(definition(k), slotTable(k)));
    return Topology.restored(
        json.getLong("epoch"),
        json.getConfigList("shards").stream().map(TopologyJson::shard).toList(),
        keyspaces);
  }

  static Map<String, Object> shard(Shard shard) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", shard.id());
    json.put("weight", shard.weight());
    json.put("epoch", shard.epoch());
    json.put("state", lower(shard.state()));
    json.put("nodes", nodes(shard.nodeIds()));
    json.put("runs", runs(shard.runs()));
    json.put("seals", shard.seals());
    json.put("planned", nodes(shard.pending()));
    json.put("excluded", nodes(shard.outOfSync()));
    json.put("turned", shard.pauseEpoch());
    shard
        .durable()
        .ifPresent(
            kept ->
                json.put(
                    "kept",
                    Map.of(
                        "nodes",
                        nodes(kept.nodes()),
                        "epoch",
                        kept.epoch(),
                        "number",
                        kept.number())));
    return json;
  }

  static List<String> nodes(List<NodeId> nodes) {
    return nodes.stream().map(NodeId::toString).toList();
  }

  static List<NodeId> nodes(Config json, String key) {
    return json.getStringList(key).stream().map(NodeId::parse).toList();
  }

  /** By node. */
  static Map<String, Object> runs(Map<NodeId, String> runs) {
    Map<String, Object> json = new HashMap<>();
    runs.forEach((node, run) -> json.put(node.toString(), run));
    return json;
  }

  static Map<NodeId, String> runs(ConfigObject json) {
    Map<NodeId, String> runs = new HashMap<>();
    json.forEach((node, run) -> runs.put(NodeId.parse(node), run.unwrapped().toString()));
    return runs;
  }

  static Shard shard(Config json) {
    List<Node> nodes = new ArrayList<>();
    for (NodeId id : nodes(json, "nodes")) {
      nodes.add(nodes.isEmpty() ? Node.leader(id) : Node.replica(id));
    }
    return new Shard(
        json.getString("id"),
        0,
        json.getInt("weight"),
        nodes,
        json.getLong("epoch"),
        state(upper(json, "state")),
        runs(json.getObject("runs")),
        json.getInt("seals"),
        nodes(json, "planned"),
        nodes(json, "excluded"),
        json.hasPath("kept") ? Optional.of(kept(json.getConfig("kept"))) : Optional.empty(),
        json.getLong("turned"));
  }

  /** Earlier versions have another name for one of them. */
  private static ShardState state(String name) {
    return name.equals("HANDING_OVER") ? ShardState.PAUSED : ShardState.valueOf(name);
  }

  private static DurableNodes kept(Config json) {
    return new DurableNodes(nodes(json, "nodes"), json.getLong("epoch"), json.getLong("number"));
  }

  private static Map<String, Object> keyspace(Keyspace keyspace) {
    return keyspace(keyspace.definition(), keyspace.slots());
  }

  static Map<String, Object> keyspace(KeyspaceDefinition definition, SlotTable table) {
    Map<String, Object> slots = new HashMap<>();
    table.slotsByShard().forEach((shard, ranges) -> slots.put(shard, text(ranges)));
    return Map.of(
        "name",
        definition.name(),
        "prefix",
        definition.prefix(),
        "policy",
        lower(definition.policy()),
        "shards",
        definition.shards(),
        "read",
        lower(definition.consistency().read()),
        "write",
        lower(definition.consistency().write()),
        "slots",
        slots);
  }

  static KeyspaceDefinition definition(Config json) {
    return new KeyspaceDefinition(
        json.getString("name"),
        json.getString("prefix"),
        PolicyName.valueOf(upper(json, "policy")),
        json.getStringList("shards"),
        new Consistency(
            ReadLevel.valueOf(upper(json, "read")), WriteLevel.valueOf(upper(json, "write"))));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(Config json, String key) {
    return json.getString(key).toUpperCase(Locale.ROOT);
  }

  static SlotTable slotTable(Config json) {
    ConfigObject slots = json.getObject("slots");
    Map<String, List<SlotRange>> byShard = new HashMap<>();
    slots.forEach((shard, ranges) -> byShard.put(shard, ranges(ranges.unwrapped().toString())));
    return SlotTable.of(byShard);
  }

  /** As Redis prints them, with blanks between. */
  static String text(List<SlotRange> ranges) {
    return ranges.stream().map(SlotRange::toString).collect(Collectors.joining(" "));
  }

  static List<SlotRange> ranges(String text) {
    List<SlotRange> ranges = new ArrayList<>();
    for (String range : text.isEmpty() ? new String[0] : text.split(" ")) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      ranges.add(new SlotRange(first, Integer.parseInt(range.substring(dash + 1))));
    }
    return ranges;
  }
}
