package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.QuiesceShard;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leader is sent no more requests. When all those under way are answered, a last marker is
 * raised: who has that has everything, also what no barrier has covered. Until then the leader may
 * serve on, and does if that takes too long for the clients that wait. Then, if as many nodes as it
 * takes to choose a leader let administrators in, the last marker is not on a leader alone that
 * leaves, and no coordinator asks the leader any more, the nodes of the next epoch are cut off, and
 * the epoch begins with one that has the last marker, or with nobody if the shard is to stop.
 */
final class HandingOver implements Stage {

  private final Host host;
  private final Shard shard;
  private final Administrator administrator;
  private final List<NodeId> next;
  private final long begun;
  private final LastMarker last = new LastMarker();
  private @Nullable Seals seals;
  private boolean asked;
  private boolean closed;
  private String trouble = "";

  HandingOver(Host host, Shard shard, Administrator administrator) {
    this.host = host;
    this.shard = shard;
    this.administrator = administrator;
    this.next = shard.pending().isEmpty() ? shard.nodeIds() : shard.pending();
    this.begun = host.scheduler().millis();
    // Who lets an administrator in now is there now.
    next.forEach(administrator::greet);
  }

  @Override
  public Optional<Step> tick(Shard now) {
    Seals cutOff = seals;
    if (cutOff != null) {
      cutOff.tick();
      return cutOff.areTried() ? decide(cutOff) : Optional.empty();
    }
    if (!asked && host.log().reports().isDrained(shard, host.scheduler().millis())) {
      asked = true;
      mark();
    }
    if (last.isSpread() && atHand() >= shard.sealsNeeded() && isKnownEverywhere()) {
      Seals fresh = new Seals(host, shard, next, administrator);
      seals = fresh;
      fresh.tick();
      return Optional.empty();
    }
    return !trouble.isEmpty() || millis() > Timing.PAUSE_LIMIT
        ? step(new ResumeShard(shard.id(), shard.epoch()), "not handed over: " + waitsFor())
        : Optional.empty();
  }

  private long millis() {
    return host.scheduler().millis() - begun;
  }

  /** Returns how many of the pending nodes can be cut off, and are intact. */
  private long atHand() {
    return next.stream().filter(this::isAtHand).count();
  }

  private boolean isAtHand(NodeId node) {
    return shard.isIntact(node, administrator.runId(node));
  }

  /** Whether nobody takes the leader's word any more. */
  private boolean isKnownEverywhere() {
    return host.isKnownEverywhere(shard.pauseEpoch());
  }

  private void mark() {
    host.replicas()
        .countReplicas(
            shard, shard.replicas().size(), Timing.PAUSE_LIMIT, Timing.LAST_MARKER, last);
  }

  /**
   * How many replicas have to have the last marker before anybody is cut off. Where the shard is to
   * stop, as many may lack it as are too few to choose a leader.
   */
  private long replicasNeeded() {
    if (shard.pending().isEmpty()) {
      boolean leads = isAtHand(shard.leader().id());
      return atHand() - (leads ? 1 : 0) - (shard.sealsNeeded() - 1L);
    }
    return next.contains(shard.leader().id()) ? 0 : 1;
  }

  /** The leader cannot serve on any more: if too few are cut off, any node may be the next one. */
  private Optional<Step> decide(Seals cutOff) {
    Optional<Seal> whole =
        taken(proving(cutOff)).filter(seal -> seal.marker().hasReached(last.position));
    if (cutOff.epoch() > shard.epoch()
        || (whole.isEmpty() && cutOff.millis() > Timing.HAND_OVER_SEALING)) {
      long epoch = Math.max(cutOff.epoch(), shard.epoch());
      return step(new FenceShard(shard.id(), epoch + 1, false), "not handed over: " + waitsFor());
    }
    return whole.flatMap(shard.pending().isEmpty() ? this::quiesce : this::lead);
  }

  private static List<Seal> proving(Seals cutOff) {
    return cutOff.all().stream().filter(Seal::remembers).toList();
  }

  /** By whose marker it goes on; empty if too few are cut off. */
  private Optional<Seal> taken(List<Seal> proving) {
    if (proving.size() < shard.sealsNeeded()) {
      return Optional.empty();
    }
    return Optional.of(shard.pending().isEmpty() ? leastWhole(proving) : next(proving));
  }

  /** The first that is planned, if it has the last marker: nothing that counts came after that. */
  private Seal next(List<Seal> proving) {
    Seal furthest = Seals.furthest(proving, next.getFirst());
    return proving.stream()
        .filter(seal -> seal.node().equals(next.getFirst()) && seal.hasMarkerOf(furthest))
        .findFirst()
        .orElse(furthest);
  }

  private Optional<Step> lead(Seal best) {
    return step(
        new HandOver(
            shard.id(), shard.epoch(), shard.pauseEpoch(), best.node(), best.incarnation()),
        "handed over with marker " + best.marker());
  }

  private Optional<Step> quiesce(Seal whole) {
    return step(
        new QuiesceShard(
            shard.id(),
            shard.epoch(),
            shard.pauseEpoch(),
            whole.marker().epoch(),
            whole.marker().number()),
        "all is answered");
  }

  /**
   * The lowest marker that shows that a node has everything: what was acknowledged is missing on
   * fewer nodes than are needed. A higher one may be on a single node, which may never come back.
   */
  private Seal leastWhole(List<Seal> proving) {
    return proving.stream()
        .sorted(Comparator.comparing(Seal::marker))
        .skip(shard.sealsNeeded() - 1L)
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Step> step(TopologyChange change, String cause) {
    return Optional.of(new Step(change, cause));
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String waitsFor() {
    Seals cutOff = seals;
    if (cutOff != null) {
      return sealing(proving(cutOff));
    }
    if (!trouble.isEmpty()) {
      return trouble;
    }
    if (!asked) {
      return "some coordinators do not answer, or have requests under way";
    }
    if (!last.isSpread()) {
      return last.position.exists()
          ? "its replicas have not got all that its leader has"
          : "its leader answers slowly";
    }
    return atHand() < shard.sealsNeeded()
        ? "%d of its next nodes answer and remember, it takes %d"
            .formatted(atHand(), shard.sealsNeeded())
        : "coordinators that have not heard of it may hold leases";
  }

  private String sealing(List<Seal> proving) {
    return proving.size() < shard.sealsNeeded()
        ? "%d of its next nodes are cut off and remember, it takes %d"
            .formatted(proving.size(), shard.sealsNeeded())
        : "too few of its next nodes have all that its leader has";
  }

  /** The marker behind all that was ever acknowledged, and how many replicas have it. */
  private final class LastMarker implements ReplicaListener {
    private MarkerPosition position = MarkerPosition.NONE;
    // -1 until that was asked.
    private int replicas = -1;

    boolean isSpread() {
      return replicas >= Math.max(0, replicasNeeded());
    }

    @Override
    public void advanced(long number) {
      position = new MarkerPosition(shard.epoch(), number);
    }

    @Override
    public boolean isWanted() {
      return !closed && !isSpread();
    }

    @Override
    public void tooFew(int replicasWithIt) {
      replicas = replicasWithIt;
    }

    @Override
    public void counted(int replicasWithIt) {
      replicas = replicasWithIt;
    }

    @Override
    public void failed(String reason) {
      trouble = "its leader does not answer: " + reason;
    }
  }
}
