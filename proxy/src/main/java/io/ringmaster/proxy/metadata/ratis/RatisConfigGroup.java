package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.proxy.failure.StartException;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.Departure;
import io.ringmaster.proxy.metadata.GroupException;
import io.ringmaster.proxy.metadata.GroupView;
import io.ringmaster.proxy.metadata.Member;
import io.ringmaster.proxy.metadata.MembershipOutcome;
import io.ringmaster.proxy.metadata.log.Heartbeat;
import io.ringmaster.proxy.metadata.log.InitialTopology;
import io.ringmaster.proxy.metadata.log.LogFormat;
import io.ringmaster.proxy.metadata.log.Proposal;
import io.ringmaster.proxy.metadata.log.ProposalResult;
import io.ringmaster.proxy.metadata.log.Registration;
import io.ringmaster.proxy.metadata.log.TopologyDifference;
import io.ringmaster.proxy.metadata.log.TopologyEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The config group kept by Apache Ratis over gRPC. */
public final class RatisConfigGroup implements ConfigGroup {

  private static final Logger LOG = LoggerFactory.getLogger(RatisConfigGroup.class);

  private final GroupSettings settings;
  private final String instance = UUID.randomUUID().toString();
  private final Publisher publisher = new Publisher(this::made);
  private final HeardReports reports = new HeardReports();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final RatisNode node;
  private final RatisMembership membership;
  private final Map<String, CompletableFuture<ChangeOutcome>> proposed = new ConcurrentHashMap<>();

  /**
   * Starts this coordinator's part and waits until it has the topology that the group agrees on.
   * One that was removed before begins anew each time the others tell it so, until it is added.
   *
   * @param seed the topology to begin with, if the group has none yet
   * @throws StartException if it cannot listen or use its directory, or no majority is there in
   *     time
   */
  public static RatisConfigGroup start(GroupSettings settings, Topology seed) {
    boolean removed = false;
    while (true) {
      RatisConfigGroup group = begun(settings);
      try {
        group.join(seed);
        return group;
      } catch (GroupException e) {
        group.close();
        if (!group.node.isRemoved()) {
          throw new StartException("cannot serve with the config group: " + e.reason(), e);
        }
      }
      if (!removed) {
        removed = true;
        LOG.info("it was removed before; {}", waiting(settings));
      }
    }
  }

  private static String waiting(GroupSettings settings) {
    return "waiting to be added to the config group: CLUSTER.ADDCOORDINATOR %s %s"
        .formatted(settings.self().id(), settings.self().address());
  }

  private static RatisConfigGroup begun(GroupSettings settings) {
    try {
      return new RatisConfigGroup(settings);
    } catch (GroupException e) {
      throw new StartException("cannot take part in the config group: " + e.reason(), e);
    }
  }

  private RatisConfigGroup(GroupSettings settings) {
    this.settings = settings;
    this.node = RatisNode.start(settings, publisher, reports);
    this.membership = new RatisMembership(settings, node);
  }

  private void join(Topology seed) {
    awaitVote();
    Deadline deadline = Deadline.in(settings.startTimeout());
    node.catchUp(deadline);
    if (publisher.state().epoch() == 0) {
      begin(seed, deadline);
    }
    registration(deadline);
    warnOfDifference(seed);
  }

  /**
   * Where one begins, all others wait: the initial topology is in the log once all founders have a
   * vote.
   */
  private void begin(Topology seed, Deadline deadline) {
    if (node.folder().first()) {
      membership.found(deadline);
      node.write(
          LogFormat.entry(
              new InitialTopology(seed, settings.self().id(), Instant.now(), settings.secret())),
          deadline);
    }
    while (publisher.state().epoch() == 0) {
      node.requirePresent();
      if (deadline.isOver()) {
        throw new GroupException(settings.first() + " has not begun");
      }
      RatisNode.pause();
    }
  }

  /**
   * A founder of which the group has never heard gets its vote soon or not at all; others, and who
   * was removed, wait for an operator.
   */
  private void awaitVote() {
    GroupView found = node.view();
    if (found.isMember()) {
      return;
    }
    Member first = settings.first();
    boolean founds = settings.isFounder() && found.term() == 0;
    if (founds) {
      LOG.info("waiting for a vote in the config group, which begins at {}", first);
    } else {
      LOG.info("{}", waiting(settings));
    }
    Deadline deadline = Deadline.in(settings.startTimeout());
    while (!node.isMember()) {
      node.requirePresent();
      if (founds && deadline.isOver()) {
        throw new GroupException(found.self() + " has no vote; the group begins at " + first);
      }
      RatisNode.pause();
    }
  }

  private void registration(Deadline deadline) {
    Registration registration =
        new Registration(settings.self().id(), node.folder().id(), settings.secret());
    ProposalResult result =
        ProposalResult.parse(node.write(LogFormat.entry(registration), deadline));
    if (!result.isCommitted()) {
      throw new GroupException(result.reason());
    }
  }

  /** Shards and keyspaces only: placement and epochs differ once anything has happened. */
  private void warnOfDifference(Topology configured) {
    Topology agreed = topology();
    List<String> differences = TopologyDifference.between(configured, agreed);
    if (!differences.isEmpty()) {
      LOG.warn(
          "the configuration differs from the topology of the config group, epoch {}, which counts:"
              + " {}",
          agreed.epoch(),
          String.join("; ", differences));
    }
  }

  @Override
  public Topology topology() {
    return publisher.state().topology().orElseThrow();
  }

  @Override
  public CompletableFuture<ChangeOutcome> submit(
      TopologyChange change, OptionalLong basedOn, String cause) {
    long begin = System.nanoTime();
    Deadline deadline = Deadline.in(settings.timeout());
    return called(
        () -> {
          try {
            // What fails here was never sent. Afterwards no failure proves that nothing was done: a
            // leader that is deposed answers that it is none, though its log may hold the entry.
            node.catchUp(deadline);
          } catch (GroupException e) {
            return notSent(e, deadline);
          }
          Duration waited = Duration.ofNanos(System.nanoTime() - begin);
          return write(proposal(change, basedOn, cause, waited), deadline);
        });
  }

  @Override
  public CompletableFuture<ChangeOutcome> propose(
      TopologyChange change, String cause, Duration waited) {
    Deadline deadline = Deadline.in(settings.timeout());
    Proposal proposal = proposal(change, OptionalLong.empty(), cause, waited);
    CompletableFuture<ChangeOutcome> outcome = called(() -> write(proposal, deadline));
    proposed.put(proposal.id(), outcome);
    return outcome.whenComplete((made, failure) -> proposed.remove(proposal.id()));
  }

  /** Clients may be waiting for the next step: so this one's answer is not waited for. */
  private void made() {
    TopologyEvent last = publisher.state().events().getLast();
    CompletableFuture<ChangeOutcome> outcome = proposed.get(last.id());
    if (outcome != null) {
      outcome.complete(new ChangeOutcome.Committed(last.epoch()));
    }
  }

  private Proposal proposal(
      TopologyChange change, OptionalLong basedOn, String cause, Duration waited) {
    return new Proposal(
        UUID.randomUUID().toString(),
        change,
        basedOn,
        settings.self().id(),
        cause,
        Instant.now(),
        waited);
  }

  private ChangeOutcome write(Proposal proposal, Deadline deadline) {
    try {
      ProposalResult result = ProposalResult.parse(node.write(LogFormat.entry(proposal), deadline));
      return result.isCommitted()
          ? new ChangeOutcome.Committed(result.epoch())
          : new ChangeOutcome.Invalid(result.reason());
    } catch (GroupException e) {
      return new ChangeOutcome.Unknown(view().leader(), node.unreached(e, deadline));
    }
  }

  private ChangeOutcome notSent(GroupException e, Deadline deadline) {
    String reason = node.unreached(e, deadline);
    GroupView view = view();
    Optional<Member> leader = view.leader();
    return leader.isPresent() && !view.isLeader()
        ? new ChangeOutcome.LeaderUnreachable(leader.get(), reason)
        : new ChangeOutcome.NoMajority(reason);
  }

  @Override
  public CompletableFuture<Topology> read() {
    Deadline deadline = Deadline.in(settings.timeout());
    return afterwards(deadline, () -> node.catchUp(deadline));
  }

  @Override
  public CompletableFuture<Topology> heartbeat(Observations observations) {
    Deadline deadline = Deadline.in(settings.attemptTimeout());
    return afterwards(
        deadline,
        () -> {
          if (!node.isMember()) {
            throw new GroupException("this coordinator has no vote in the config group");
          }
          node.pass(LogFormat.entry(saying(observations)), deadline);
        });
  }

  @Override
  public CompletableFuture<Topology> tell(Observations observations) {
    return afterwards(
        Deadline.in(settings.attemptTimeout()),
        () -> {
          Heartbeat told = saying(observations);
          if (leadingTerm().leads()) {
            reports.told(told.report());
          } else {
            node.tell(LogFormat.entry(told));
          }
        });
  }

  private Heartbeat saying(Observations observations) {
    return new Heartbeat(
        new Report(
            settings.self().id(),
            instance,
            publisher.published(),
            settings.lease().toMillis(),
            observations));
  }

  /** {@code confirmation} returns once the topology here is not old, or fails by the deadline. */
  private CompletableFuture<Topology> afterwards(Deadline deadline, Runnable confirmation) {
    return called(
        () -> {
          try {
            confirmation.run();
            return topology();
          } catch (GroupException e) {
            GroupException told = new GroupException(node.unreached(e, deadline), e);
            throw new CompletionException(told.reason(), told);
          }
        });
  }

  private <T> CompletableFuture<T> called(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, calls);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(
          new CompletionException(new GroupException(GroupException.STOPPING, closed)));
    }
  }

  @Override
  public Reports reports() {
    return reports.now();
  }

  @Override
  public void subscribe(Consumer<Topology> listener) {
    publisher.subscribe(listener);
  }

  @Override
  public GroupView view() {
    return node.view();
  }

  @Override
  public Term leadingTerm() {
    long term = node.leadingTerm();
    return term == 0 ? Term.NONE : new Term(publisher.state().generation(), term);
  }

  @Override
  public List<TopologyEvent> events(int limit) {
    List<TopologyEvent> all = publisher.state().events();
    return all.subList(Math.max(0, all.size() - limit), all.size());
  }

  @Override
  public CompletableFuture<MembershipOutcome> add(String id, NodeId address) {
    return called(() -> membership.add(new Member(id, address)));
  }

  @Override
  public CompletableFuture<MembershipOutcome> remove(String id) {
    return called(() -> membership.remove(id));
  }

  @Override
  public CompletableFuture<MembershipOutcome> transferLeader(Optional<String> id) {
    return called(() -> membership.transferLeader(id));
  }

  @Override
  public CompletionStage<Departure> departure() {
    return node.departure().minimalCompletionStage();
  }

  @Override
  public void close() {
    calls.shutdownNow();
    node.close();
    calls.close();
  }
}
