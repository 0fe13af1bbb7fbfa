package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
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
   *
   * @param seed the topology to begin with, if the group has none yet
   * @throws UncheckedIOException if it cannot listen or use its directory, or no majority is there
   *     in time
   */
  public static RatisConfigGroup start(GroupSettings settings, Topology seed) {
    RatisConfigGroup group = new RatisConfigGroup(settings);
    try {
      group.join(seed);
      return group;
    } catch (IOException e) {
      group.close();
      throw new UncheckedIOException(
          "the config group does not agree on a topology: " + e.getMessage(), e);
    }
  }

  private RatisConfigGroup(GroupSettings settings) {
    this.settings = settings;
    this.node = RatisNode.start(settings, publisher, reports);
    this.membership = new RatisMembership(settings, node);
  }

  private void join(Topology seed) throws IOException {
    awaitVote();
    Deadline deadline = Deadline.in(settings.startTimeout());
    node.catchUp(deadline);
    if (publisher.state().epoch() == 0) {
      begin(seed, deadline);
    }
    claim(deadline);
    warnOfDifference(seed);
  }

  /** Where one begins, all others wait: the seed is in the log once all founders have a vote. */
  private void begin(Topology seed, Deadline deadline) throws IOException {
    if (node.folder().first()) {
      membership.found(deadline);
      node.write(LogFormat.entry(new Seed(seed, settings.self().id(), Instant.now())), deadline);
    }
    while (publisher.state().epoch() == 0) {
      if (deadline.isOver()) {
        throw new IOException(settings.first() + " has not begun");
      }
      RatisNode.pause();
    }
  }

  /** A founder gets its vote soon or not at all; others wait for an operator. */
  private void awaitVote() throws IOException {
    if (node.isMember()) {
      return;
    }
    String self = settings.self().id();
    Member first = settings.first();
    if (settings.isFounder()) {
      LOG.info("waiting for a vote in the config group, which begins at {}", first);
    } else {
      LOG.info(
          "waiting to be added to the config group: CLUSTER.ADDCOORDINATOR {} {}",
          self,
          settings.self().address());
    }
    Deadline deadline = Deadline.in(settings.startTimeout());
    while (!node.isMember()) {
      if (settings.isFounder() && deadline.isOver()) {
        throw new IOException(self + " has no vote; the group begins at " + first);
      }
      RatisNode.pause();
    }
  }

  private void claim(Deadline deadline) throws IOException {
    Claim claim = new Claim(settings.self().id(), node.folder().id());
    Verdict verdict = Verdict.parse(node.write(LogFormat.entry(claim), deadline));
    if (!verdict.isCommitted()) {
      throw new IOException(verdict.reason());
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
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            // What fails here was never sent. Afterwards no failure proves that nothing was done: a
            // leader that is deposed answers that it is none, though its log may hold the entry.
            node.catchUp(deadline);
          } catch (IOException e) {
            return notSent(e);
          }
          Duration waited = Duration.ofNanos(System.nanoTime() - begin);
          return write(proposal(change, basedOn, cause, waited), deadline);
        },
        calls);
  }

  @Override
  public CompletableFuture<ChangeOutcome> propose(
      TopologyChange change, String cause, Duration waited) {
    Deadline deadline = Deadline.in(settings.timeout());
    Proposal proposal = proposal(change, OptionalLong.empty(), cause, waited);
    CompletableFuture<ChangeOutcome> outcome =
        CompletableFuture.supplyAsync(() -> write(proposal, deadline), calls);
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
      Verdict verdict = Verdict.parse(node.write(LogFormat.entry(proposal), deadline));
      return verdict.isCommitted()
          ? new ChangeOutcome.Committed(verdict.epoch())
          : new ChangeOutcome.Invalid(verdict.reason());
    } catch (IOException e) {
      return new ChangeOutcome.Unknown(view().leader(), String.valueOf(e.getMessage()));
    }
  }

  private ChangeOutcome notSent(IOException e) {
    String reason = String.valueOf(e.getMessage());
    Optional<Member> leader = view().leader();
    return leader.isPresent()
        ? new ChangeOutcome.LeaderUnreachable(leader.get(), reason)
        : new ChangeOutcome.NoMajority(reason);
  }

  @Override
  public CompletableFuture<Topology> read() {
    return afterwards(() -> node.catchUp(Deadline.in(settings.timeout())));
  }

  @Override
  public CompletableFuture<Topology> heartbeat(Observations observations) {
    return afterwards(
        () -> {
          if (!node.isMember()) {
            throw new IOException("this coordinator has no vote in the config group");
          }
          String entry = LogFormat.entry(saying(observations));
          node.pass(entry, Deadline.in(settings.attemptTimeout()));
        });
  }

  @Override
  public CompletableFuture<Topology> tell(Observations observations) {
    return afterwards(
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

  /** A step that makes sure that the topology here is not old. */
  private interface Confirmation {
    void await() throws IOException;
  }

  private CompletableFuture<Topology> afterwards(Confirmation confirmation) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            confirmation.await();
            return topology();
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        calls);
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
    return CompletableFuture.supplyAsync(() -> membership.add(new Member(id, address)), calls);
  }

  @Override
  public CompletableFuture<MembershipOutcome> remove(String id) {
    return CompletableFuture.supplyAsync(() -> membership.remove(id), calls);
  }

  @Override
  public CompletableFuture<MembershipOutcome> transferLeader(Optional<String> id) {
    return CompletableFuture.supplyAsync(() -> membership.transferLeader(id), calls);
  }

  @Override
  public void close() {
    calls.shutdownNow();
    node.close();
    calls.close();
  }
}
