package io.ringmaster.proxy.metadata.log;

import com.typesafe.config.Config;
import io.ringmaster.cluster.topology.AddKeyspace;
import io.ringmaster.cluster.topology.AddShard;
import io.ringmaster.cluster.topology.AssignSlots;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.MarkDurable;
import io.ringmaster.cluster.topology.MarkIntact;
import io.ringmaster.cluster.topology.MarkOutOfSync;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PauseShard;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.QuiesceShard;
import io.ringmaster.cluster.topology.RemoveShard;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.ServeShard;
import io.ringmaster.cluster.topology.SetWeight;
import io.ringmaster.cluster.topology.StopShard;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Map;

/** A change as JSON: its kind and what the change record holds. */
public final class ChangeJson {

  private ChangeJson() {}

  /** In one line, for people. */
  public static String text(TopologyChange change) {
    return TopologyJson.line(of(change));
  }

  public static Map<String, Object> of(TopologyChange change) {
    return switch (change) {
      case AddShard add -> Map.of("kind", "add-shard", "shard", TopologyJson.shard(add.shard()));
      case RemoveShard remove -> Map.of("kind", "remove-shard", "shard", remove.shard());
      case SetWeight set ->
          Map.of("kind", "set-weight", "shard", set.shard(), "weight", set.weight());
      case PlanReconfiguration plan ->
          Map.of(
              "kind",
              "plan-nodes",
              "shard",
              plan.shard(),
              "epoch",
              plan.epoch(),
              "nodes",
              TopologyJson.nodes(plan.nodes()));
      case MarkOutOfSync exclude ->
          Map.of(
              "kind",
              "exclude-nodes",
              "shard",
              exclude.shard(),
              "epoch",
              exclude.epoch(),
              "nodes",
              TopologyJson.nodes(exclude.nodes()));
      case PauseShard hold -> step("hold-shard", hold.shard(), hold.epoch());
      case ResumeShard resume -> step("resume-shard", resume.shard(), resume.epoch());
      case HandOver over ->
          Map.of(
              "kind",
              "hand-over",
              "shard",
              over.shard(),
              "epoch",
              over.epoch(),
              "turned",
              over.pauseEpoch(),
              "node",
              over.leader().toString(),
              "run",
              over.run());
      case StopShard stop -> step("stop-shard", stop.shard(), stop.epoch());
      case QuiesceShard rest ->
          Map.of(
              "kind",
              "rest-shard",
              "shard",
              rest.shard(),
              "epoch",
              rest.epoch(),
              "turned",
              rest.pauseEpoch(),
              "marker-epoch",
              rest.markerEpoch(),
              "marker-number",
              rest.markerNumber());
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
      case PromoteLeader to ->
          Map.of(
              "kind",
              "promote-leader",
              "shard",
              to.shard(),
              "epoch",
              to.epoch(),
              "node",
              to.leader().toString(),
              "run",
              to.run(),
              "returned",
              TopologyJson.runs(to.returned()));
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
      case MarkIntact admit ->
          Map.of(
              "kind",
              "admit-node",
              "shard",
              admit.shard(),
              "epoch",
              admit.epoch(),
              "node",
              admit.node().toString(),
              "run",
              admit.run());
      case MarkDurable mark ->
          Map.of(
              "kind",
              "mark-keeper",
              "shard",
              mark.shard(),
              "epoch",
              mark.epoch(),
              "keeps",
              mark.keeps());
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

  private static Map<String, Object> step(String kind, String shard, long epoch) {
    return Map.of("kind", kind, "shard", shard, "epoch", epoch);
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
      case "plan-nodes" ->
          new PlanReconfiguration(
              json.getString("shard"), json.getLong("epoch"), TopologyJson.nodes(json, "nodes"));
      case "exclude-nodes" ->
          new MarkOutOfSync(
              json.getString("shard"), json.getLong("epoch"), TopologyJson.nodes(json, "nodes"));
      case "hold-shard" -> new PauseShard(json.getString("shard"), json.getLong("epoch"));
      case "resume-shard" -> new ResumeShard(json.getString("shard"), json.getLong("epoch"));
      case "hand-over" ->
          new HandOver(
              json.getString("shard"),
              json.getLong("epoch"),
              json.getLong("turned"),
              node(json),
              json.getString("run"));
      case "stop-shard" -> new StopShard(json.getString("shard"), json.getLong("epoch"));
      case "rest-shard" ->
          new QuiesceShard(
              json.getString("shard"),
              json.getLong("epoch"),
              json.getLong("turned"),
              json.getLong("marker-epoch"),
              json.getLong("marker-number"));
      case "fence-shard" ->
          new FenceShard(json.getString("shard"), json.getLong("epoch"), json.getBoolean("forced"));
      case "promote-leader" ->
          new PromoteLeader(
              json.getString("shard"),
              json.getLong("epoch"),
              node(json),
              json.getString("run"),
              TopologyJson.runs(json.getObject("returned")));
      case "serve-shard" ->
          new ServeShard(
              json.getString("shard"),
              json.getLong("epoch"),
              TopologyJson.runs(json.getObject("runs")));
      case "admit-node" ->
          new MarkIntact(
              json.getString("shard"), json.getLong("epoch"), node(json), json.getString("run"));
      case "mark-keeper" ->
          new MarkDurable(json.getString("shard"), json.getLong("epoch"), json.getBoolean("keeps"));
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
