package io.ringmaster.proxy.metadata;

import com.typesafe.config.Config;
import io.ringmaster.cluster.topology.AddKeyspace;
import io.ringmaster.cluster.topology.AddNode;
import io.ringmaster.cluster.topology.AddShard;
import io.ringmaster.cluster.topology.AdmitNode;
import io.ringmaster.cluster.topology.AssignSlots;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.RemoveNode;
import io.ringmaster.cluster.topology.RemoveShard;
import io.ringmaster.cluster.topology.ServeShard;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Map;

/** A change as JSON: its kind and what the change record holds. */
final class ChangeJson {

  private ChangeJson() {}

  static Map<String, Object> of(TopologyChange change) {
    return switch (change) {
      case AddShard add -> Map.of("kind", "add-shard", "shard", TopologyJson.shard(add.shard()));
      case RemoveShard remove -> Map.of("kind", "remove-shard", "shard", remove.shard());
      case SetWeight set ->
          Map.of("kind", "set-weight", "shard", set.shard(), "weight", set.weight());
      case AddNode add -> node("add-node", add.shard(), add.node());
      case RemoveNode remove -> node("remove-node", remove.shard(), remove.node());
      case FenceShard fence ->
          Map.of(
              "kind",
              "fence-shard",
              "shard",
              fence.shard(),
              "epoch",
              fence.epoch(),
              "forced",
              fence.forced());
      case PromoteLeader to -> run("promote-leader", to.shard(), to.epoch(), to.leader(), to.run());
      case ServeShard serve ->
          Map.of(
              "kind",
              "serve-shard",
              "shard",
              serve.shard(),
              "epoch",
              serve.epoch(),
              "runs",
              TopologyJson.runs(serve.runs()));
      case AdmitNode admit ->
          run("admit-node", admit.shard(), admit.epoch(), admit.node(), admit.run());
      case AddKeyspace add ->
          Map.of(
              "kind",
              "add-keyspace",
              "keyspace",
              TopologyJson.keyspace(add.definition(), add.slots()));
      case AssignSlots assign ->
          Map.of(
              "kind",
              "assign-slots",
              "keyspace",
              assign.keyspace(),
              "slots",
              TopologyJson.text(assign.slots()),
              "shard",
              assign.shard());
    };
  }

  private static Map<String, Object> node(String kind, String shard, NodeId node) {
    return Map.of("kind", kind, "shard", shard, "node", node.toString());
  }

  private static Map<String, Object> run(
      String kind, String shard, long epoch, NodeId node, String run) {
    return Map.of(
        "kind", kind, "shard", shard, "epoch", epoch, "node", node.toString(), "run", run);
  }

  /**
   * What {@link #of} wrote.
   *
   * @throws UnknownFormatException if a newer version wrote it
   */
  static TopologyChange change(Config json) {
    String kind = json.getString("kind");
    return switch (kind) {
      case "add-shard" -> new AddShard(TopologyJson.shard(json.getConfig("shard")));
      case "remove-shard" -> new RemoveShard(json.getString("shard"));
      case "set-weight" -> new SetWeight(json.getString("shard"), json.getInt("weight"));
      case "add-node" -> new AddNode(json.getString("shard"), node(json));
      case "remove-node" -> new RemoveNode(json.getString("shard"), node(json));
      case "fence-shard" ->
          new FenceShard(json.getString("shard"), json.getLong("epoch"), json.getBoolean("forced"));
      case "promote-leader" ->
          new PromoteLeader(
              json.getString("shard"), json.getLong("epoch"), node(json), json.getString("run"));
      case "serve-shard" ->
          new ServeShard(
              json.getString("shard"),
              json.getLong("epoch"),
              TopologyJson.runs(json.getObject("runs")));
      case "admit-node" ->
          new AdmitNode(
              json.getString("shard"), json.getLong("epoch"), node(json), json.getString("run"));
      case "add-keyspace" -> {
        Config keyspace = json.getConfig("keyspace");
        yield new AddKeyspace(TopologyJson.definition(keyspace), TopologyJson.slotTable(keyspace));
      }
      case "assign-slots" ->
          new AssignSlots(
              json.getString("keyspace"),
              TopologyJson.ranges(json.getString("slots")),
              json.getString("shard"));
      default -> throw new UnknownFormatException("a change of kind " + kind);
    };
  }

  private static NodeId node(Config json) {
    return NodeId.parse(json.getString("node"));
  }
}
