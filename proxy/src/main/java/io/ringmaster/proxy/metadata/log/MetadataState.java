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

/**
 * What the log amounts to: the topology, its last changes, and who has published it. Immutable; the
 * same entries give the same state on every coordinator, whatever its clock says.
 *
 * @param generation when the group was founded, in seconds since 1970; 0 before the initial
 *     topology
 * @param topology empty before the initial topology
 * @param events the last changes, the newest last
 * @param reports one for each coordinator, in the order of their last heartbeats
 * @param folders the folder of each coordinator that was ever in the group
 * @param secret the fingerprint of the secret with which the group began
 */
public record MetadataState(
    long generation,
    Optional<Topology> topology,
    List<TopologyEvent> events,
    List<Report> reports,
    Map<String, String> folders,
    String secret) {

  /** How many changes are remembered. */
  static final int EVENTS = 256;

  /** How many coordinators are remembered: those whose heartbeats are the last in the log. */
  static final int COORDINATORS = 64;

  /** The state before the first entry. */
  public static final MetadataState EMPTY =
      new MetadataState(0, Optional.empty(), List.of(), List.of(), Map.of(), "");

  /** Copies the lists and the map. */
  public MetadataState {
    events = List.copyOf(events);
    reports = List.copyOf(reports);
    folders = Map.copyOf(folders);
  }

  /** What an entry led to: the state after it, and what its sender is told. */
  public record Step(MetadataState state, ProposalResult result) {}

  /** Returns the epoch of the topology; 0 before the initial one. */
  public long epoch() {
    return topology.map(Topology::epoch).orElse(0L);
  }

  /** Returns the state after {@code entry}, and what its sender is told. */
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
    if (topology.isPresent()) {
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
            Optional.of(initial.topology()),
            List.of(event),
            reports,
            folders,
            initial.secret());
    return new Step(founded, ProposalResult.committed(founded.epoch()));
  }

  private Step propose(Proposal proposal) {
    if (topology.isEmpty()) {
      return refused("there is no topology yet");
    }
    // A sender that got no answer sends again: it is to hear what became of it the first time.
    for (TopologyEvent event : events) {
      if (event.id().equals(proposal.id())) {
        return new Step(this, ProposalResult.committed(event.epoch()));
      }
    }
    if (proposal.basedOn().orElse(epoch()) != epoch()) {
      return refused(
          "the topology has epoch %d by now, not %d"
              .formatted(epoch(), proposal.basedOn().getAsLong()));
    }
    try {
      Topology next = topology.get().apply(proposal.change());
      return committed(next, event(proposal, next.epoch()));
    } catch (InvalidTopologyException invalid) {
      return refused(String.valueOf(invalid.getMessage()));
    }
  }

  private Step report(Report report) {
    if (topology.isEmpty()) {
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
    if (topology.isEmpty()) {
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
        LogFormat.line(proposal.change()),
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
        new MetadataState(generation, Optional.of(next), remembered, reports, folders, secret),
        ProposalResult.committed(next.epoch()));
  }

  private Step refused(String reason) {
    return new Step(this, ProposalResult.refused(reason));
  }
}
