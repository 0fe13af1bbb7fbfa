package io.ringmaster.cluster.control;

import io.ringmaster.cluster.replication.ReplicaListener;
import io.ringmaster.cluster.topology.HandOver;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.ResumeShard;
import io.ringmaster.cluster.topology.Shard;
import java.util.List;
import java.util.Optional;

/**
 * The leader is sent no more requests. When all those under way are answered, a last marker is
 * raised, by which the next leader will show that it has everything, also what no barrier has
 * covered; then the epoch ends, if as many nodes as it takes to choose a leader let administrators
 * in: without them there would be none. If that takes too long for the clients that wait, the
 * leader serves on.
 */
final class HandingOver implements Stage {

  /** Of the time that clients wait, what may pass before it is known that it can be done. */
  private static final int PATIENCE_MILLIS = 500;

  private static final int MARKER_MILLIS = 50;

  private final Host host;
  private final Shard shard;
  private final Administrator administrator;
  private final long begun;
  private boolean asked;
  private boolean marked;
  private String trouble = "";

  HandingOver(Host host, Shard shard, Administrator administrator) {
    this.host = host;
    this.shard = shard;
    this.administrator = administrator;
    this.begun = host.scheduler().millis();
    shard.nodes().forEach(node -> administrator.prepare(node.id()));
    shard.planned().forEach(administrator::prepare);
  }

  @Override
  public Optional<Step> tick(Shard now) {
    if (marked && atHand(now) >= now.sealsNeeded()) {
      return Optional.of(
          new Step(
              new HandOver(shard.id(), shard.epoch()),
              now.planned().isEmpty()
                  ? "all is answered"
                  : "handed over to " + now.planned().getFirst()));
    }
    if (!trouble.isEmpty() || host.scheduler().millis() - begun > PATIENCE_MILLIS) {
      return Optional.of(
          new Step(new ResumeShard(shard.id(), shard.epoch()), "not handed over: " + waitsFor()));
    }
    if (!asked && host.log().isDrained(shard)) {
      asked = true;
      mark();
    }
    return Optional.empty();
  }

  /** How many of those that are the shard's next can be cut off, and remember. */
  private long atHand(Shard now) {
    List<NodeId> next = now.planned().isEmpty() ? now.nodeIds() : now.planned();
    return next.stream().filter(node -> now.isAdmitted(node, administrator.runId(node))).count();
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

  @Override
  public void close() {}

  @Override
  public String waitsFor() {
    if (!trouble.isEmpty()) {
      return trouble;
    }
    if (marked) {
      return "%d of its next nodes answer and remember, it takes %d"
          .formatted(atHand(shard), shard.sealsNeeded());
    }
    return asked
        ? "its leader answers slowly"
        : "some coordinators do not answer, or have requests under way";
  }
}
