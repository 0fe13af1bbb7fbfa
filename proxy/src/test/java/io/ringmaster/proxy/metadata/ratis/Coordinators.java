package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.protocol.ports.FreePorts;
import io.ringmaster.proxy.metadata.ChangeOutcome;
import io.ringmaster.proxy.metadata.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/**
 * Coordinators c1, c2 and so on in this JVM, over real sockets. Each topology that one publishes is
 * checked: its epoch must not be lower than the one before, also after a restart, and must be the
 * same topology that others published under that epoch.
 */
final class Coordinators implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final Topology seed;
  private final UnaryOperator<GroupSettings> adjust;
  private final List<Member> founders = new ArrayList<>();
  private final Map<String, RatisConfigGroup> running = new ConcurrentSkipListMap<>();
  private final Map<String, Long> lastEpoch = new ConcurrentHashMap<>();
  private final Map<Long, Topology> published = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

  Coordinators(Path folder, Topology seed, UnaryOperator<GroupSettings> adjust) {
    this.folder = folder;
    this.seed = seed;
    this.adjust = adjust;
  }

  /** So many coordinators that found the group, all running. */
  static Coordinators start(int count, Path folder, Topology seed) {
    return start(count, folder, seed, UnaryOperator.identity());
  }

  static Coordinators start(
      int count, Path folder, Topology seed, UnaryOperator<GroupSettings> adjust) {
    Coordinators coordinators = new Coordinators(folder, seed, adjust);
    for (int number = 1; number <= count; number++) {
      coordinators.founders.add(new Member("c" + number, freeAddress()));
    }
    coordinators.startAll();
    return coordinators;
  }

  static NodeId freeAddress() {
    return new NodeId("127.0.0.1", FreePorts.next());
  }

  /** Starts all founders at once: each waits for a majority. */
  void startAll() {
    List<CompletableFuture<?>> starts = new ArrayList<>();
    founders.forEach(founder -> starts.add(startSoon(founder)));
    starts.forEach(CompletableFuture::join);
  }

  CompletableFuture<RatisConfigGroup> startSoon(Member self) {
    return CompletableFuture.supplyAsync(() -> start(self), task -> new Thread(task).start());
  }

  RatisConfigGroup start(Member self) {
    RatisConfigGroup group = RatisConfigGroup.start(settings(self), seed);
    running.put(self.id(), group);
    group.subscribe(topology -> check(self.id(), topology));
    return group;
  }

  GroupSettings settings(Member self) {
    return adjust.apply(
        new GroupSettings(
            self,
            "127.0.0.1",
            founders,
            folder.resolve(self.id()),
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMillis(200),
            1000,
            1 << 20,
            Duration.ofSeconds(3),
            "1f"));
  }

  /** The same settings, with other times after which a change and a start are given up. */
  static GroupSettings waiting(GroupSettings settings, Duration timeout, Duration startTimeout) {
    return with(
        settings,
        settings.tls(),
        timeout,
        startTimeout,
        settings.snapshotEntries(),
        settings.segmentBytes());
  }

  /** The same settings, but for these. */
  static GroupSettings with(
      GroupSettings settings,
      Optional<GroupSettings.TlsFiles> tls,
      Duration timeout,
      Duration startTimeout,
      int snapshotEntries,
      int segmentBytes) {
    return new GroupSettings(
        settings.self(),
        settings.bind(),
        settings.founders(),
        settings.directory(),
        tls,
        timeout,
        startTimeout,
        settings.electionTimeout(),
        snapshotEntries,
        segmentBytes,
        settings.lease(),
        settings.secret());
  }

  /** The same settings with another secret. */
  static GroupSettings secret(GroupSettings settings, String secret) {
    return new GroupSettings(
        settings.self(),
        settings.bind(),
        settings.founders(),
        settings.directory(),
        settings.tls(),
        settings.timeout(),
        settings.startTimeout(),
        settings.electionTimeout(),
        settings.snapshotEntries(),
        settings.segmentBytes(),
        settings.lease(),
        secret);
  }

  private void check(String id, Topology topology) {
    Long before = lastEpoch.put(id, topology.epoch());
    if (before != null && before > topology.epoch()) {
      violations.add(id + " went back from epoch " + before + " to " + topology.epoch());
    }
    Topology same = published.putIfAbsent(topology.epoch(), topology);
    if (same != null && !same.equals(topology)) {
      violations.add(id + " has another topology of epoch " + topology.epoch());
    }
  }

  RatisConfigGroup get(String id) {
    return Objects.requireNonNull(running.get(id));
  }

  List<RatisConfigGroup> all() {
    return List.copyOf(running.values());
  }

  Member founder(String id) {
    return founders.stream().filter(member -> member.id().equals(id)).findFirst().orElseThrow();
  }

  /** The one that all running ones take for the leader. */
  String awaitLeader() {
    await().atMost(PATIENCE).until(() -> leaders().size() == 1 && !leaders().contains(""));
    return leaders().getFirst();
  }

  private List<String> leaders() {
    return all().stream()
        .map(group -> group.view().leader().map(Member::id).orElse(""))
        .map(id -> running.containsKey(id) ? id : "")
        .distinct()
        .toList();
  }

  String aFollower() {
    String leader = awaitLeader();
    return running.keySet().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  void stop(String id) {
    RatisConfigGroup group = get(id);
    running.remove(id);
    group.close();
  }

  void stopAll() {
    all().forEach(RatisConfigGroup::close);
    running.clear();
  }

  ChangeOutcome submit(String at, TopologyChange change) {
    return get(at).submit(change, OptionalLong.empty(), "test").join();
  }

  /** The epoch that the change made. */
  long commit(String at, TopologyChange change) {
    ChangeOutcome outcome = submit(at, change);
    assertThat(outcome).isInstanceOf(ChangeOutcome.Committed.class);
    return ((ChangeOutcome.Committed) outcome).epoch();
  }

  void awaitEverywhere(long epoch) {
    await()
        .atMost(PATIENCE)
        .until(() -> all().stream().allMatch(group -> group.topology().epoch() >= epoch));
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  @Override
  public void close() {
    stopAll();
    assertThat(violations).isEmpty();
  }
}
