package io.ringmaster.cluster.control;

import io.ringmaster.cluster.control.ControllerSettings.UncleanLeader;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nobody leads: cuts off as many nodes as it takes to have one in each set that could have
 * acknowledged something, and chooses the one that is furthest. A node that may have forgotten what
 * it acknowledged proves nothing.
 */
final class Sealing implements Stage {

  private final Host host;
  private final Shard shard;
  private final @Nullable NodeId failed;
  private final long knownFrom;
  private final Seals seals;

  /** {@code failed}, if any, is not to lead while the others can do without it. */
  Sealing(Host host, Shard shard, Administrator administrator, @Nullable NodeId failed) {
    this.host = host;
    this.shard = shard;
    this.failed = failed;
    this.knownFrom = host.log().topology().epoch();
    this.seals = new Seals(host, shard, shard.nodeIds(), administrator);
  }

  @Override
  public Optional<Step> tick(Shard now) {
    seals.tick();
    return seals.areTried() && nobodyServes() ? decide() : Optional.empty();
  }

  /** Before the first leader of all nobody did anyway. */
  private boolean nobodyServes() {
    return !shard.hasServed() || host.isKnownEverywhere(knownFrom);
  }

  private Optional<Step> decide() {
    long highest = seals.epoch();
    if (highest >= shard.epoch()) {
      boolean forced = shard.state() == ShardState.FORCED;
      return step(
          new FenceShard(shard.id(), highest + 1, forced), "its servers are in epoch " + highest);
    }
    List<Seal> proving = proving();
    if (proving.size() >= needed() || proving.stream().anyMatch(Seal::keeps)) {
      Seal best = Seals.furthest(proving, shard.leader().id());
      Seal chosen = best.marker().exists() || shard.hasServed() ? best : first(best);
      return chosen == null
          ? Optional.empty()
          : promote(chosen, proving, "marker " + best.marker());
    }
    if (lacksOnlyMarkers()) {
      Seal leader = Objects.requireNonNull(seals.of(shard.leader().id()));
      String cause = "somebody has deleted its marker, but none of its nodes was restarted";
      return promote(leader, List.of(), cause);
    }
    return mayBeUnclean() ? unclean() : Optional.empty();
  }

  private Optional<Step> promote(Seal chosen, List<Seal> proving, String cause) {
    return step(
        new PromoteLeader(
            shard.id(),
            shard.epoch(),
            chosen.node(),
            chosen.incarnation(),
            returned(chosen, proving)),
        cause);
  }

  /**
   * Whether nothing is missing but markers, which somebody has deleted: who led last has all that
   * was acknowledged, as long as it was not restarted.
   */
  private boolean lacksOnlyMarkers() {
    return shard.hasServed()
        && seals.all().size() == shard.nodes().size()
        && seals.all().stream().allMatch(seal -> seal.admitted() && !seal.loading());
  }

  private boolean mayBeUnclean() {
    return host.settings().uncleanLeader() == UncleanLeader.WHEN_ALL_ANSWER
        && seals.all().size() == shard.nodes().size()
        && seals.all().stream().noneMatch(Seal::loading);
  }

  /** An operator has decided before that to serve with what is left is better than to wait. */
  private Optional<Step> unclean() {
    List<Seal> all = List.copyOf(seals.all());
    Seal best = Seals.furthest(all, shard.leader().id());
    List<NodeId> restarted =
        all.stream().filter(seal -> !seal.admitted() && !seal.keeps()).map(Seal::node).toList();
    return promote(
        best,
        List.of(),
        "unclean (coordinator.unclean-leader): marker "
            + best.marker()
            + " is the furthest; what only "
            + restarted
            + " had acknowledged before they were restarted, and have not got back, is lost");
  }

  private static Map<NodeId, String> returned(Seal chosen, List<Seal> proving) {
    return proving.stream()
        .filter(seal -> seal.keeps() && !seal.node().equals(chosen.node()))
        .collect(Collectors.toUnmodifiableMap(Seal::node, Seal::incarnation));
  }

  /** Without the one that has failed: what it has more was never acknowledged. */
  private List<Seal> proving() {
    List<Seal> all = seals.all().stream().filter(this::counts).toList();
    List<Seal> others = all.stream().filter(seal -> !seal.node().equals(failed)).toList();
    boolean waited = seals.millis() >= Timing.OTHERS_GRACE;
    return waited && others.size() < needed() ? all : others;
  }

  /**
   * Of servers that nobody has ever led, the configuration says which one does: if they held data
   * before, it alone is known to hold all of it. An operator may do without it.
   */
  private @Nullable Seal first(Seal best) {
    Seal configured = seals.of(shard.leader().id());
    return configured == null && shard.state() == ShardState.FORCED ? best : configured;
  }

  private static Optional<Step> step(TopologyChange change, String cause) {
    return Optional.of(new Step(change, cause));
  }

  /** Whether a node alone held what it has lost. */
  private boolean counts(Seal seal) {
    return seal.remembers() || shard.nodes().size() == 1 || shard.state() == ShardState.FORCED;
  }

  private int needed() {
    return shard.state() == ShardState.FORCED ? 1 : shard.sealsNeeded();
  }

  @Override
  public void close() {}

  @Override
  public String waitsFor() {
    long counting = seals.all().stream().filter(this::counts).count();
    NodeId leader = shard.leader().id();
    Map<NodeId, String> failures = seals.failures();
    if (!shard.hasServed() && failures.containsKey(leader)) {
      return "nobody has served before, so that it takes %s: %s"
          .formatted(leader, failures.get(leader));
    }
    if (counting >= needed()) {
      return "coordinators that have not heard of epoch " + shard.epoch() + " may hold leases";
    }
    String lacking =
        failures.entrySet().stream()
            .map(failure -> "; " + failure.getKey() + ": " + failure.getValue())
            .collect(Collectors.joining());
    return "%d nodes are cut off and remember what they acknowledged, it takes %d of %d%s%s"
        .formatted(counting, needed(), shard.nodes().size(), keptBefore(), lacking);
  }

  /** Why a leader that had everything on its disk is not enough. */
  private String keptBefore() {
    return seals.all().stream()
        .filter(seal -> !seal.keeps() && !seal.loading())
        .map(Seal::node)
        .filter(node -> shard.durable().filter(kept -> kept.trusts(node)).isPresent())
        .map(
            node ->
                "; "
                    + node
                    + " had everything on its disk, but was started with other settings than it had,"
                    + " or its marker is not as far as it was")
        .collect(Collectors.joining());
  }
}
