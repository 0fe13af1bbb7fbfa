package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.topology.FenceShard;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.RestShard;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.TopologyChange;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leader is sent no more requests. When all those under way are answered, a last marker is
 * raised, by which the next leader will show that it has everything, also what no barrier has
 * covered. Until then the leader may serve on, and does if that takes too long for the clients that
 * wait. Then, if as many nodes as it takes to choose a leader let administrators in, and no
 * coordinator asks the leader any more, the nodes of the next epoch are cut off, and the epoch
 * begins with the one that is furthest, or with nobody if the shard is to stop.
 */
final class HandingOver implements Stage {

  /** Of the time that clients wait, what may pass before it is known that it can be done. */
  private static final int PATIENCE_MILLIS = 500;

  private static final int MARKER_MILLIS = 50;
  private static final int SEALING_MILLIS = 1000;

  private final Host host;
  private final Shard shard;
  private final Administrator administrator;
  private final List<NodeId> next;
  private final long begun;
  private @Nullable Seals seals;
  private boolean asked;
  private boolean marked;
  private String trouble = "";

  HandingOver(Host host, Shard shard, Administrator administrator) {
    this.host = host;
    this.shard = shard;
    this.administrator = administrator;
    this.next = shard.planned().isEmpty() ? shard.nodeIds() : shard.planned();
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
    if (marked && atHand() >= shard.sealsNeeded() && isHeldEverywhere()) {
      Seals fresh = new Seals(host, shard, next, administrator);
      seals = fresh;
      fresh.tick();
      return Optional.empty();
    }
    return !trouble.isEmpty() || millis() > PATIENCE_MILLIS
        ? step(new ResumeShard(shard.id(), shard.epoch()), "not handed over: " + waitsFor())
        : Optional.empty();
  }

  private long millis() {
    return host.scheduler().millis() - begun;
  }

  /** How many of those that are the shard's next can be cut off, and remember. */
  private long atHand() {
    return next.stream().filter(node -> shard.isAdmitted(node, administrator.runId(node))).count();
  }

  /** Nobody takes the leader's word any more. */
  private boolean isHeldEverywhere() {
    return host.isKnownEverywhere(shard.turned());
  }

  private void mark() {
    host.policy()
        .countReplicas(
            shard,
            shard.replicas().size(),
            MARKER_MILLIS,
            new ReplicaListener() {
              @Override
              public boolean isWanted() {
                return true;
              }

              @Override
              public void counted(int replicas) {
                marked = true;
              }

              @Override
              public void failed(String reason) {
                trouble = "its leader does not answer: " + reason;
              }
            });
  }

  /** The leader cannot serve on any more: if too few are cut off, any node may be the next one. */
  private Optional<Step> decide(Seals cutOff) {
    List<Seal> proving = proving(cutOff);
    boolean enough = proving.size() >= shard.sealsNeeded();
    if (cutOff.epoch() > shard.epoch() || (!enough && cutOff.millis() > SEALING_MILLIS)) {
      long epoch = Math.max(cutOff.epoch(), shard.epoch());
      return step(new FenceShard(shard.id(), epoch + 1, false), "not handed over: " + waitsFor());
    }
    if (!enough) {
      return Optional.empty();
    }
    return shard.planned().isEmpty() ? rest(leastWhole(proving)) : lead(proving);
  }

  private static List<Seal> proving(Seals cutOff) {
    return cutOff.all().stream().filter(Seal::remembers).toList();
  }

  /** The first that is planned, if it has the last marker: nothing that counts came after that. */
  private Optional<Step> lead(List<Seal> proving) {
    Seal furthest = Seals.furthest(proving, next.getFirst());
    Seal best =
        proving.stream()
            .filter(seal -> seal.node().equals(next.getFirst()) && seal.hasMarkerOf(furthest))
            .findFirst()
            .orElse(furthest);
    return step(
        new HandOver(shard.id(), shard.epoch(), shard.turned(), best.node(), best.run()),
        "handed over with marker " + best.marker());
  }

  private Optional<Step> rest(Seal whole) {
    return step(
        new RestShard(
            shard.id(),
            shard.epoch(),
            shard.turned(),
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
  public void close() {}

  @Override
  public String waitsFor() {
    Seals cutOff = seals;
    if (cutOff != null) {
      return "%d of its next nodes are cut off and remember, it takes %d"
          .formatted(proving(cutOff).size(), shard.sealsNeeded());
    }
    if (!trouble.isEmpty()) {
      return trouble;
    }
    if (marked) {
      return atHand() < shard.sealsNeeded()
          ? "%d of its next nodes answer and remember, it takes %d"
              .formatted(atHand(), shard.sealsNeeded())
          : "coordinators that have not heard of it may hold leases";
    }
    return asked
        ? "its leader answers slowly"
        : "some coordinators do not answer, or have requests under way";
  }
}
