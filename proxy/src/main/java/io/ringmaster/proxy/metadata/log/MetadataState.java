package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.cluster.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the log amounts to: the topology, its last changes, and who has published it. Immutable; the
 * same entries give the same state on every coordinator, whatever its clock says.
 */
public final class MetadataState {

  /** How many changes are remembered. */
  static final int EVENTS = 256;

  /** How many coordinators are remembered: those whose heartbeats are the last in the log. */
  static final int COORDINATORS = 64;

  public static final MetadataState EMPTY =
      new MetadataState(0, null, List.of(), List.of(), Map.of(), "");

  private final long generation;
  private final @Nullable Topology topology;
  private final List<TopologyEvent> events;
  private final List<Report> reports;
  private final Map<String, String> folders;
  private final String secret;

  private MetadataState(
      long generation,
      @Nullable Topology topology,
      List<TopologyEvent> events,
      List<Report> reports,
      Map<String, String> folders,
      String secret) {
    this.generation = generation;
    this.topology = topology;
    this.events = List.copyOf(events);
    this.reports = List.copyOf(reports);
    this.folders = Map.copyOf(folders);
    this.secret = secret;
  }

  static MetadataState of(
      long generation,
      Topology topology,
      List<TopologyEvent> events,
      List<Report> reports,
      Map<String, String> folders,
      String secret) {
    return new MetadataState(generation, topology, events, reports, folders, secret);
  }

  /** What an entry led to: the state after it, and what its sender is told. */
  public record Step(MetadataState state, ProposalResult result) {}

  /** When the group was founded, in seconds since 1970; 0 before the initial topology. */
  public long generation() {
    return generation;
  }

  /** Empty before the initial topology. */
  public Optional<Topology> topology() {
    return Optional.ofNullable(topology);
  }

  public long epoch() {
    return topology == null ? 0 : topology.epoch();
  }

  /** The last changes, the newest last. */
  public List<TopologyEvent> events() {
    return events;
  }

  /** One for each coordinator, in the order of their last heartbeats. */
  public List<Report> reports() {
    return reports;
  }

  /** The folder of each coordinator that was ever in the group. */
  public Map<String, String> folders() {
    return folders;
  }

  /** The fingerprint of the secret with which the group began. */
  public String secret() {
    return secret;
  }

  public Step apply(LogEntry entry) {
    return switch (entry) {
      case InitialTopology initial -> begin(initial);
      case Proposal proposal -> propose(proposal);
      case ReadBarrier barrier -> new Step(this, ProposalResult.committed(epoch()));
      case Heartbeat heartbeat -> report(heartbeat.report());
      case Registration registration -> register(registration);
    };
  }

  private Step begin(InitialTopology initial) {
    if (topology != null) {
      return refused("the topology was seeded before");
    }
    TopologyEvent event =
        new TopologyEvent(
            "seed",
            initial.topology().epoch(),
            initial.time(),
            "{\"kind\":\"seed\"}",
            initial.by(),
            "configuration",
            Duration.ZERO);
    MetadataState founded =
        new MetadataState(
            initial.time().getEpochSecond(),
            initial.topology(),
            List.of(event),
            reports,
            folders,
            initial.secret());
    return new Step(founded, ProposalResult.committed(founded.epoch()));
  }

  private Step propose(Proposal proposal) {
    if (topology == null) {
      return refused("there is no topology yet");
    }
    // A sender that got no answer sends again: it is to hear what became of it the first time.
    for (TopologyEvent event : events) {
      if (event.id().equals(proposal.id())) {
        return new Step(this, ProposalResult.committed(event.epoch()));
      }
    }
    if (proposal.basedOn().orElse(topology.epoch()) != topology.epoch()) {
      return refused(
          "the topology has epoch %d by now, not %d"
              .formatted(topology.epoch(), proposal.basedOn().getAsLong()));
    }
    try {
      Topology next = topology.apply(proposal.change());
      return committed(next, event(proposal, next.epoch()));
    } catch (InvalidTopologyException invalid) {
      return refused(String.valueOf(invalid.getMessage()));
    }
  }

  private Step report(Report report) {
    if (topology == null) {
      return refused("there is no topology yet");
    }
    Report last = report;
    List<Report> remembered = new ArrayList<>();
    for (Report known : reports) {
      if (known.by().equals(report.by())) {
        last = known.then(report);
      } else {
        remembered.add(known);
      }
    }
    remembered.add(last);
    if (remembered.size() > COORDINATORS) {
      remembered.removeFirst();
    }
    return new Step(
        new MetadataState(generation, topology, events, remembered, folders, secret),
        ProposalResult.committed(epoch()));
  }

  private Step register(Registration registration) {
    if (topology == null) {
      return refused("there is no topology yet");
    }
    String known = folders.get(registration.by());
    if (known != null && !known.equals(registration.folder())) {
      return refused(
          ("another folder belongs to %s: that one is lost. Remove %s from the group, and add"
                  + " another under a new name")
              .formatted(registration.by(), registration.by()));
    }
    if (!registration.secret().equals(secret)) {
      return refused("coordinator.secret differs from that of the others");
    }
    Map<String, String> next = new HashMap<>(folders);
    next.put(registration.by(), registration.folder());
    return new Step(
        new MetadataState(generation, topology, events, reports, next, secret),
        ProposalResult.committed(epoch()));
  }

  private static TopologyEvent event(Proposal proposal, long epoch) {
    return new TopologyEvent(
        proposal.id(),
        epoch,
        proposal.time(),
        ChangeJson.text(proposal.change()),
        proposal.by(),
        proposal.cause(),
        proposal.waited());
  }

  private Step committed(Topology next, TopologyEvent event) {
    List<TopologyEvent> remembered = new ArrayList<>(events);
    if (remembered.size() == EVENTS) {
      remembered.removeFirst();
    }
    remembered.add(event);
    return new Step(
        new MetadataState(generation, next, remembered, reports, folders, secret),
        ProposalResult.committed(next.epoch()));
  }

  private Step refused(String reason) {
    return new Step(this, ProposalResult.refused(reason));
  }
}
