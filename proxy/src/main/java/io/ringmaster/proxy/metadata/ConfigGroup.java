package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.proxy.metadata.log.TopologyEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The coordinators that own the topology together, as one of them sees them. Safe for all threads.
 * Futures complete within the configured time-out, never exceptionally unless said so, and on
 * threads of the group's own.
 */
public interface ConfigGroup extends AutoCloseable {

  /**
   * The newest topology that has arrived here; what a deposed or cut-off coordinator has is old.
   */
  Topology topology();

  /**
   * Proposes a change, at whichever coordinator leads.
   *
   * @param basedOn the only epoch to which it may be applied; empty for any
   * @param cause why, for the operator
   */
  CompletableFuture<ChangeOutcome> submit(
      TopologyChange change, OptionalLong basedOn, String cause);

  /**
   * The same without a look before, which takes as long again: where nobody can be reached, what
   * has become of the change is not known. The outcome is there as soon as everybody here was given
   * the topology, on the thread that applies the log, for which what depends on it must be short.
   *
   * @param waited time from the cause until now
   */
  CompletableFuture<ChangeOutcome> propose(TopologyChange change, String cause, Duration waited);

  /**
   * The topology with every change that was committed before this call. Fails when no majority can
   * be reached.
   */
  CompletableFuture<Topology> read();

  /**
   * Tells the group which topology has been given to all listeners here. Like {@link #read}, but
   * completes once the listeners have been given what it returns. Fails also where this coordinator
   * has no vote, and soon rather than late.
   *
   * @param observations what is seen of the shards here
   */
  CompletableFuture<Topology> heartbeat(Observations observations);

  /**
   * Tells the same to the controller, alone, at once and beside the log; completes once it knows.
   * It is forgotten when another one leads, until the next heartbeat.
   */
  CompletableFuture<Topology> tell(Observations observations);

  /** What the coordinators have reported, by what has arrived here; in the loops' milliseconds. */
  Reports reports();

  /**
   * Calls {@code listener} with each topology that arrives here, in order, at once with the present
   * one. It must return soon.
   */
  void subscribe(Consumer<Topology> listener);

  /** Who belongs to the group, and who leads. */
  GroupView view();

  /** The term in which this coordinator leads, as far as it knows; none if it does not. */
  Term leadingTerm();

  /** The last changes, the newest last, at most {@code limit}. */
  List<TopologyEvent> events(int limit);

  /** Gives a vote to a coordinator that runs; it has caught up when this completes. */
  CompletableFuture<MembershipOutcome> add(String id, NodeId address);

  /** Takes a coordinator's vote away; a leader hands over first. */
  CompletableFuture<MembershipOutcome> remove(String id);

  /** Makes another coordinator the leader; any other if none is named. */
  CompletableFuture<MembershipOutcome> transferLeader(Optional<String> id);

  /**
   * Completes, at most once, when this coordinator has left the group for good while it runs; what
   * it has of the topology is old from then on. On a thread of the group's own, for which what
   * depends on it must be short.
   */
  CompletionStage<Departure> departure();

  @Override
  void close();
}
