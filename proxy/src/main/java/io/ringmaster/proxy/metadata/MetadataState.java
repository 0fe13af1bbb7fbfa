package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.topology.InvalidTopologyException;
import io.ringmaster.cluster.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the log amounts to: the topology and its last changes. Immutable; the same entries give the
 * same state on every coordinator, whatever its clock says.
 */
final class MetadataState {

  /** How many changes are remembered. */
  static final int EVENTS = 256;

  static final MetadataState EMPTY = new MetadataState(null, List.of());

  private final @Nullable Topology topology;
  private final List<TopologyEvent> events;

  private MetadataState(@Nullable Topology topology, List<TopologyEvent> events) {
    this.topology = topology;
    this.events = List.copyOf(events);
  }

  static MetadataState of(Topology topology, List<TopologyEvent> events) {
    return new MetadataState(topology, events);
  }

  /** What an entry led to: the state after it, and what its sender is told. */
  record Step(MetadataState state, Verdict verdict) {}

  /** Empty before the seed. */
  Optional<Topology> topology() {
    return Optional.ofNullable(topology);
  }

  long epoch() {
    return topology == null ? 0 : topology.epoch();
  }

  /** The last changes, the newest last. */
  List<TopologyEvent> events() {
    return events;
  }

  Step apply(LogEntry entry) {
    return switch (entry) {
      case Seed seed -> seed(seed);
      case Proposal proposal -> propose(proposal);
    };
  }

  private Step seed(Seed seed) {
    if (topology != null) {
      return refused("the topology was seeded before");
    }
    TopologyEvent event =
        new TopologyEvent(
            "seed",
            seed.topology().epoch(),
            seed.time(),
            "{\"kind\":\"seed\"}",
            seed.by(),
            "configuration",
            Duration.ZERO);
    return committed(seed.topology(), event);
  }

  private Step propose(Proposal proposal) {
    if (topology == null) {
      return refused("there is no topology yet");
    }
    // A sender that got no answer sends again: it is to hear what became of it the first time.
    for (TopologyEvent event : events) {
      if (event.id().equals(proposal.id())) {
        return new Step(this, Verdict.committed(event.epoch()));
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

  private static TopologyEvent event(Proposal proposal, long epoch) {
    return new TopologyEvent(
        proposal.id(),
        epoch,
        proposal.time(),
        TopologyJson.line(ChangeJson.of(proposal.change())),
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
    return new Step(new MetadataState(next, remembered), Verdict.committed(next.epoch()));
  }

  private Step refused(String reason) {
    return new Step(this, Verdict.refused(reason));
  }
}
