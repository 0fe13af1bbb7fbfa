package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.topology.AddKeyspace;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.Leadership;
import io.ringmaster.cluster.topology.MarkDurable;
import io.ringmaster.cluster.topology.MarkIntact;
import io.ringmaster.cluster.topology.MarkOutOfSync;
import io.ringmaster.cluster.topology.PauseShard;
import io.ringmaster.cluster.topology.PlanReconfiguration;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.QuiesceShard;
import io.ringmaster.cluster.topology.ServeShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What things are called in logs that are still read. A name that changes adds a line here. */
final class FormerNames {

  /**
   * A name that is read, but not written any more.
   *
   * @param type the record or the enum that it belongs to
   * @param name what is written: of a component, of a constant, or the kind of the record
   * @param former what was written; with a dot, a key within the map of another
   */
  record FormerName(Class<?> type, String name, String former) {}

  static final List<FormerName> NAMES =
      List.of(
          new FormerName(InitialTopology.class, "initial-topology", "seed"),
          new FormerName(InitialTopology.class, "topology", "seed"),
          new FormerName(Proposal.class, "proposal", "change"),
          new FormerName(Proposal.class, "waited", "waited-ms"),
          new FormerName(TopologyEvent.class, "waited", "waited-ms"),
          new FormerName(ReadBarrier.class, "read-barrier", "read"),
          new FormerName(Heartbeat.class, "report", "heartbeat"),
          new FormerName(Report.class, "lease-millis", "lease-ms"),
          new FormerName(Observations.class, "number", "observation"),
          new FormerName(Registration.class, "registration", "claim"),
          new FormerName(Registration.class, "by", "claim"),
          new FormerName(PlanReconfiguration.class, "plan-reconfiguration", "plan-nodes"),
          new FormerName(MarkOutOfSync.class, "mark-out-of-sync", "exclude-nodes"),
          new FormerName(PauseShard.class, "pause-shard", "hold-shard"),
          new FormerName(HandOver.class, "pause-epoch", "turned"),
          new FormerName(HandOver.class, "leader", "node"),
          new FormerName(HandOver.class, "incarnation", "run"),
          new FormerName(QuiesceShard.class, "quiesce-shard", "rest-shard"),
          new FormerName(QuiesceShard.class, "pause-epoch", "turned"),
          new FormerName(PromoteLeader.class, "leader", "node"),
          new FormerName(PromoteLeader.class, "incarnation", "run"),
          new FormerName(ServeShard.class, "incarnations", "runs"),
          new FormerName(MarkIntact.class, "mark-intact", "admit-node"),
          new FormerName(MarkIntact.class, "incarnation", "run"),
          new FormerName(MarkDurable.class, "mark-durable", "mark-keeper"),
          new FormerName(AddKeyspace.class, "definition", "keyspace"),
          new FormerName(AddKeyspace.class, "slots", "keyspace.slots"),
          new FormerName(Leadership.class, "pending", "planned"),
          new FormerName(Leadership.class, "incarnations", "runs"),
          new FormerName(Leadership.class, "out-of-sync", "excluded"),
          new FormerName(Leadership.class, "durable", "kept"),
          new FormerName(Leadership.class, "pause-epoch", "turned"),
          new FormerName(ShardState.class, "paused", "handing_over"));

  /** What components are in logs in which they do not stand, by their records. */
  private static final Map<Class<?>, Map<String, Object>> ABSENT =
      Map.of(Shard.class, Map.of("index", 0));

  private FormerNames() {}

  /** Returns {@code name}, and what it was before. */
  static List<String> with(Class<?> type, String name) {
    Stream<String> former =
        NAMES.stream()
            .filter(known -> known.type() == type && known.name().equals(name))
            .map(FormerName::former);
    return Stream.concat(Stream.of(name), former).toList();
  }

  /** Returns the value of a component that was not always written. */
  static Optional<Object> absent(Class<?> type, String name) {
    return Optional.ofNullable(ABSENT.getOrDefault(type, Map.of()).get(name));
  }
}
