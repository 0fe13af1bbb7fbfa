package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.PromoteLeader;
import io.ringmaster.cluster.topology.RestShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nobody leads: cuts off as many nodes as it takes to have one in each set that could have
 * acknowledged something, and chooses the one that is furthest; or, if the shard is to stop, notes
 * how far a node has to be to have everything. A node that may have forgotten what it acknowledged
 * proves nothing.
 */
final class Sealing implements Stage {

  private static final int RETRY_MILLIS = 500;
  private static final int GRACE_MILLIS = 300;
  private static final int OTHERS_MILLIS = 10_000;

  private final Host host;
  private final Shard shard;
  private final Administrator administrator;
  private final @Nullable NodeId failed;
  private final long knownFrom;
  private final long begun;
  private final Map<NodeId, Seal> seals = new HashMap<>();
  private final Map<NodeId, String> failures = new HashMap<>();
  private final Set<NodeId> busy = new HashSet<>();
  private final Map<NodeId, Long> retryAt = new HashMap<>();

  /** {@code failed}, if any, is not to lead while the others can do without it. */
  Sealing(Host host, Shard shard, Administrator administrator, @Nullable NodeId failed) {
    this.host = host;
    this.shard = shard;
    this.administrator = administrator;
    this.failed = failed;
    this.knownFrom = host.log().topology().epoch();
    this.begun = host.scheduler().millis();
  }

  @Override
  public Optional<Step> tick(Shard now) {
    for (Node node : shard.nodes()) {
      seal(node.id());
    }
    return triedLongEnough() && nobodyServes() ? decide() : Optional.empty();
  }

  /** Before the first leader of all nobody did anyway. */
  private boolean nobodyServes() {
    long known = host.scheduler().millis() - begun;
    return !shard.hasServed() || host.log().isKnownEverywhere(knownFrom, known);
  }

  /** A node that hangs must not hold up the others for long; one that is only slow may be ahead. */
  private boolean triedLongEnough() {
    return host.scheduler().millis() - begun >= GRACE_MILLIS
        || shard.nodes().stream()
            .allMatch(node -> seals.containsKey(node.id()) || failures.containsKey(node.id()));
  }

  private void seal(NodeId node) {
    long now = host.scheduler().millis();
    if (seals.containsKey(node) || busy.contains(node) || retryAt.getOrDefault(node, now) > now) {
      return;
    }
    busy.add(node);
    SealTask task =
        new SealTask(
            host,
            shard,
            node,
            seal -> {
              busy.remove(node);
              failures.remove(node);
              seals.put(node, seal);
            },
            reason -> {
              busy.remove(node);
              failures.put(node, reason);
              retryAt.put(node, host.scheduler().millis() + RETRY_MILLIS);
            });
    administrator.start(node, task);
  }

  private Optional<Step> decide() {
    long highest = seals.values().stream().mapToLong(Seal::epoch).max().orElse(0);
    if (highest >= shard.epoch()) {
      boolean forced = shard.state() == ShardState.FORCED;
      return step(
          new FenceShard(shard.id(), highest + 1, forced), "its servers are in epoch " + highest);
    }
    List<Seal> proving = proving();
    if (proving.size() < needed() && proving.stream().noneMatch(Seal::keeps)) {
      return Optional.empty();
    }
    if (shard.state() == ShardState.STOPPING) {
      Seal whole = leastWhole(proving);
      return step(
          new RestShard(shard.id(), shard.epoch(), whole.epoch(), whole.number()),
          "all " + proving.size() + " that answer are cut off");
    }
    Seal best = best(proving);
    Seal chosen = best.epoch() == 0 ? first(best) : best;
    return chosen == null
        ? Optional.empty()
        : step(
            new PromoteLeader(
                shard.id(), shard.epoch(), chosen.node(), chosen.run(), returned(chosen, proving)),
            "marker " + chosen.epoch() + " " + chosen.number());
  }

  private static Map<NodeId, String> returned(Seal chosen, List<Seal> proving) {
    return proving.stream()
        .filter(seal -> seal.keeps() && !seal.node().equals(chosen.node()))
        .collect(Collectors.toUnmodifiableMap(Seal::node, Seal::run));
  }

  /** Without the one that has failed: what it has more was never acknowledged. */
  private List<Seal> proving() {
    List<Seal> all = seals.values().stream().filter(this::counts).toList();
    List<Seal> others = all.stream().filter(seal -> !seal.node().equals(failed)).toList();
    boolean waited = host.scheduler().millis() - begun >= OTHERS_MILLIS;
    return waited && others.size() < needed() ? all : others;
  }

  /**
   * Of servers that nobody has ever led, the configuration says which one does: if they held data
   * before, it alone is known to hold all of it. An operator may do without it.
   */
  private @Nullable Seal first(Seal best) {
    Seal configured = seals.get(shard.leader().id());
    return configured == null && shard.state() == ShardState.FORCED ? best : configured;
  }

  private static Optional<Step> step(TopologyChange change, String cause) {
    return Optional.of(new Step(change, cause));
  }

  /** The present leader, where it is as far as any other. */
  private Seal best(List<Seal> proving) {
    Seal best = proving.getFirst();
    for (Seal seal : proving) {
      boolean leads = seal.node().equals(shard.leader().id());
      if (seal.isAheadOf(best) || (leads && !best.isAheadOf(seal))) {
        best = seal;
      }
    }
    return best;
  }

  /**
   * The lowest marker that shows that a node has everything: what was acknowledged is missing on
   * fewer nodes than are needed. A higher one may be on a single node, which may never come back.
   */
  private Seal leastWhole(List<Seal> proving) {
    return proving.stream()
        .sorted(Comparator.comparingLong(Seal::epoch).thenComparingLong(Seal::number))
        .skip(Math.min(needed(), proving.size()) - 1)
        .findFirst()
        .orElseThrow();
  }

  /** What a node alone has forgotten, nobody else remembers. */
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
    long counting = seals.values().stream().filter(this::counts).count();
    NodeId leader = shard.leader().id();
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
    return "%d nodes are cut off and remember what they acknowledged, it takes %d of %d%s"
        .formatted(counting, needed(), shard.nodes().size(), lacking);
  }
}
