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

/** No group at all: the topology that is configured, which never changes. */
public final class StaticTopology implements ConfigGroup {

  private static final String NO_GROUP =
      "there is no config group: the topology is the configured one (see coordinator.id)";

  private final Topology topology;

  /** What {@link #topology} will be for ever. */
  public StaticTopology(Topology topology) {
    this.topology = topology;
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public CompletableFuture<ChangeOutcome> submit(
      TopologyChange change, OptionalLong basedOn, String cause) {
    return CompletableFuture.completedFuture(new ChangeOutcome.Invalid(NO_GROUP));
  }

  @Override
  public CompletableFuture<ChangeOutcome> propose(
      TopologyChange change, String cause, Duration waited) {
    return submit(change, OptionalLong.empty(), cause);
  }

  @Override
  public CompletableFuture<Topology> read() {
    return CompletableFuture.completedFuture(topology);
  }

  @Override
  public CompletableFuture<Topology> heartbeat(Observations observations) {
    return read();
  }

  @Override
  public CompletableFuture<Topology> tell(Observations observations) {
    return read();
  }

  @Override
  public Reports reports() {
    return Reports.NONE;
  }

  @Override
  public void subscribe(Consumer<Topology> listener) {
    listener.accept(topology);
  }

  @Override
  public GroupView view() {
    return new GroupView("", List.of(), Optional.empty(), 0, 0);
  }

  @Override
  public Term leadingTerm() {
    return Term.NONE;
  }

  @Override
  public List<TopologyEvent> events(int limit) {
    return List.of();
  }

  @Override
  public CompletableFuture<MembershipOutcome> add(String id, NodeId address) {
    return refused();
  }

  @Override
  public CompletableFuture<MembershipOutcome> remove(String id) {
    return refused();
  }

  @Override
  public CompletableFuture<MembershipOutcome> transferLeader(Optional<String> id) {
    return refused();
  }

  private static CompletableFuture<MembershipOutcome> refused() {
    return CompletableFuture.completedFuture(new MembershipOutcome.Refused(NO_GROUP));
  }

  @Override
  public CompletionStage<Departure> departure() {
    return new CompletableFuture<>();
  }

  @Override
  public void close() {}
}
