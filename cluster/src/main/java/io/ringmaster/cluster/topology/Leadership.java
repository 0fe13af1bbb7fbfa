package io.ringmaster.cluster.topology;

import static io.ringmaster.cluster.topology.InvalidTopologyException.require;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may lead a shard, and how far it is with that.
 *
 * <table>
 * <caption>The transitions</caption>
 * <tr><th>from</th><th>by</th><th>to</th><th>epoch</th></tr>
 * <tr><td>any</td><td>{@link FenceShard}</td><td>FENCED, or FORCED by an operator</td><td>a later one</td></tr>
 * <tr><td>FENCED, FORCED</td><td>{@link PromoteLeader}</td><td>PROMOTED</td><td>the same</td></tr>
 * <tr><td>PROMOTED</td><td>{@link ServeShard}</td><td>SERVING</td><td>the same</td></tr>
 * <tr><td>SERVING</td><td>{@link PauseShard}, {@link StopShard}</td><td>PAUSED</td><td>the same</td></tr>
 * <tr><td>PAUSED</td><td>{@link ResumeShard}</td><td>SERVING</td><td>the same</td></tr>
 * <tr><td>PAUSED</td><td>{@link HandOver}</td><td>PROMOTED, with the pending nodes</td><td>the next</td></tr>
 * <tr><td>PAUSED</td><td>{@link QuiesceShard}</td><td>STOPPED</td><td>the next</td></tr>
 * </table>
 *
 * @param epoch raised whenever nodes or leader change; starts at 1
 * @param state how far it is with the leader of this epoch
 * @param incarnations which incarnation of its server ({@code run_id}) is known to be intact, for
 *     each node of which one is: a node in another incarnation may have lost what it acknowledged
 * @param seals how many of the nodes it took, when a leader was last served, to have one of each
 *     set that could acknowledge something; 0 if none ever was
 * @param pending the nodes that the shard is to have in its next epoch, the leader first; empty if
 *     no reconfiguration is pending
 * @param outOfSync those of the nodes that are outside the in-sync set: they have been silent for
 *     long, and a write at level {@code all} does not wait for them; they count otherwise, and are
 *     back once they have caught up
 * @param durable who has everything on disk, until another leader has served
 * @param pauseEpoch the {@link Topology#epoch()} in which the leader was last sent no more
 *     requests, or was sent some again; 0 if never
 */
public record Leadership(
    long epoch,
    ShardState state,
    Map<NodeId, String> incarnations,
    int seals,
    List<NodeId> pending,
    List<NodeId> outOfSync,
    Optional<DurableNodes> durable,
    long pauseEpoch) {

  /** One in its first state of {@code epoch}, of whose servers nothing is known. */
  Leadership(long epoch, ShardState state) {
    this(epoch, state, Map.of(), 0, List.of(), List.of(), Optional.empty(), 0);
  }

  public Leadership {
    require(
        pending.stream().distinct().count() == pending.size(),
        "a node is pending twice: " + pending);
    incarnations = Map.copyOf(incarnations);
    pending = List.copyOf(pending);
    outOfSync = outOfSync.stream().distinct().toList();
  }

  /** Returns what differs from this in what is set before {@link Next#made}. */
  public Next next() {
    return new Next(this);
  }

  /** A leadership in the making. */
  public static final class Next {

    private long epoch;
    private ShardState state;
    private Map<NodeId, String> incarnations;
    private int seals;
    private List<NodeId> pending;
    private List<NodeId> outOfSync;
    private Optional<DurableNodes> durable;
    private long pauseEpoch;

    private Next(Leadership before) {
      epoch = before.epoch;
      state = before.state;
      incarnations = before.incarnations;
      seals = before.seals;
      pending = before.pending;
      outOfSync = before.outOfSync;
      durable = before.durable;
      pauseEpoch = before.pauseEpoch;
    }

    public Next epoch(long begun) {
      epoch = begun;
      return this;
    }

    public Next state(ShardState reached) {
      state = reached;
      return this;
    }

    public Next incarnations(Map<NodeId, String> known) {
      incarnations = known;
      return this;
    }

    public Next seals(int needed) {
      seals = needed;
      return this;
    }

    public Next pending(List<NodeId> nodes) {
      pending = nodes;
      return this;
    }

    public Next outOfSync(List<NodeId> nodes) {
      outOfSync = nodes;
      return this;
    }

    public Next durable(Optional<DurableNodes> nodes) {
      durable = nodes;
      return this;
    }

    public Next pauseEpoch(long paused) {
      pauseEpoch = paused;
      return this;
    }

    /** Takes {@code intact} among the incarnations, each in place of an earlier one of its node. */
    Next intact(Map<NodeId, String> intact) {
      Map<NodeId, String> all = new HashMap<>(incarnations);
      all.putAll(intact);
      return incarnations(all);
    }

    /** Takes nodes that have caught up into the in-sync set again. */
    Next inSync(Set<NodeId> caughtUp) {
      return outOfSync(outOfSync.stream().filter(node -> !caughtUp.contains(node)).toList());
    }

    public Leadership made() {
      return new Leadership(
          epoch, state, incarnations, seals, pending, outOfSync, durable, pauseEpoch);
    }
  }
}
