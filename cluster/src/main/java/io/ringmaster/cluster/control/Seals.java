package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cuts nodes off, again and again where that fails, and keeps what they said then. */
final class Seals {

  private final Host host;
  private final Shard shard;
  private final List<NodeId> nodes;
  private final Administrator administrator;
  private final long begun;
  private final Map<NodeId, Seal> seals = new HashMap<>();
  private final Map<NodeId, String> failures = new HashMap<>();
  private final Set<NodeId> busy = new HashSet<>();
  private final Map<NodeId, Long> retryAt = new HashMap<>();

  /** {@code nodes} are, or are to be, those of {@code shard}. */
  Seals(Host host, Shard shard, List<NodeId> nodes, Administrator administrator) {
    this.host = host;
    this.shard = shard;
    this.nodes = nodes;
    this.administrator = administrator;
    this.begun = host.scheduler().millis();
  }

  void tick() {
    nodes.forEach(this::seal);
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
              retryAt.put(node, host.scheduler().millis() + Timing.SEAL_RETRY);
            });
    administrator.start(node, task);
  }

  /** Returns for how long it has been tried, in milliseconds. */
  long millis() {
    return host.scheduler().millis() - begun;
  }

  /** A node that hangs must not hold up the others for long; one that is only slow may be ahead. */
  boolean areTried() {
    return millis() >= Timing.SEAL_GRACE
        || nodes.stream().allMatch(node -> seals.containsKey(node) || failures.containsKey(node));
  }

  /** Of those that are cut off. */
  Collection<Seal> all() {
    return seals.values();
  }

  /** Returns what {@code node} said; null if it is not cut off. */
  @Nullable Seal of(NodeId node) {
    return seals.get(node);
  }

  /** The highest epoch that one of them has seen. */
  long epoch() {
    return seals.values().stream().mapToLong(seal -> seal.marker().epoch()).max().orElse(0);
  }

  /** Why the others are not. */
  Map<NodeId, String> failures() {
    return failures;
  }

  /** Of {@code proving}, {@code preferred} where it is as far as any other. */
  static Seal furthest(List<Seal> proving, NodeId preferred) {
    Seal best = proving.getFirst();
    for (Seal seal : proving) {
      if (seal.isAheadOf(best) || (seal.node().equals(preferred) && !best.isAheadOf(seal))) {
        best = seal;
      }
    }
    return best;
  }
}
