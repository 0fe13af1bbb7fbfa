package io.ringmaster.proxy.health;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.ringmaster.cluster.spi.NodeStatus;
import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes every server again and again, each on a virtual thread of its own, so that a hanging one
 * delays no other. Shares nothing with the data plane.
 */
public final class HealthMonitor implements NodeStatus, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

  private final ProbeSettings settings;
  private final LongSupplier nanoClock;
  private final Map<NodeId, NodeHealth> found = new ConcurrentHashMap<>();
  private final Map<NodeId, Map<String, String>> configurations = new ConcurrentHashMap<>();
  private final Incarnations incarnations = new Incarnations();
  private final ExecutorService probing = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<NodeId, Future<?>> watched = new HashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Topology current;
  private final BlockingQueue<Topology> published = new LinkedBlockingQueue<>();

  /** Knows nothing of the nodes of {@code topology} before it is started. */
  public HealthMonitor(Topology topology, ProbeSettings settings) {
    this(topology, settings, System::nanoTime);
  }

  /** The same with a monotonic clock of its own. */
  HealthMonitor(Topology topology, ProbeSettings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.current = topology;
    published.add(topology);
    nodes(topology).forEach(node -> found.put(node.id(), NodeHealth.unknown(node)));
  }

  /**
   * Begins to probe after one interval, so that starting is not slowed down by it; returns at once.
   */
  public void start() {
    probing.execute(this::probeAll);
  }

  /** From now on the nodes of {@code topology} are probed, and no others. */
  public void publish(Topology topology) {
    current = topology;
    published.add(topology);
  }

  private Optional<Shard> shardOf(NodeId node) {
    return current.shards().stream().filter(shard -> shard.has(node)).findFirst();
  }

  private static Stream<Node> nodes(Topology topology) {
    return topology.shards().stream().flatMap(shard -> shard.nodes().stream());
  }

  /** What is known now. */
  public Health health() {
    // The clock is read last: no server may have been seen after the snapshot was taken.
    Map<NodeId, NodeHealth> copy = Map.copyOf(found);
    return new Health(copy, nanoClock.getAsLong());
  }

  /**
   * The configuration of the first shard's leader, without secrets, or of the next that has told
   * it; empty if none has yet.
   */
  public Map<String, String> configuration() {
    return current.shards().stream()
        .map(shard -> configurations.getOrDefault(shard.leader().id(), Map.of()))
        .filter(known -> !known.isEmpty())
        .findFirst()
        .orElse(Map.of());
  }

  /** Whether {@code node} has answered the last probe. */
  public boolean isUp(NodeId node) {
    NodeHealth health = found.get(node);
    return health != null && health.state() == NodeState.UP;
  }

  /** Why the server must not become part of a shard; empty if it may. */
  public CompletableFuture<String> objection(NodeId newcomer) {
    return CompletableFuture.supplyAsync(() -> JoinCheck.objection(newcomer, settings), probing);
  }

  @Override
  public boolean isFresh(NodeId node) {
    NodeHealth health = found.get(node);
    if (health == null || health.state() != NodeState.UP || !health.replication().isFollowing()) {
      return false;
    }
    long seenAgo = nanoClock.getAsLong() - health.lastSeenNanos().orElse(0);
    long silentNanos =
        seenAgo + TimeUnit.SECONDS.toNanos(health.replication().masterSilentSeconds());
    return silentNanos <= settings.staleness().toNanos();
  }

  @Override
  public String unfit(NodeId node) {
    NodeHealth health = found.get(node);
    return health == null ? "" : health.unfit();
  }

  @Override
  public long latencyMicros(NodeId node) {
    NodeHealth health = found.get(node);
    return health == null || health.latencyMicros() == 0 ? Long.MAX_VALUE : health.latencyMicros();
  }

  private void probeAll() {
    if (isStoppedWithinInterval()) {
      return;
    }
    ClientResources resources =
        DefaultClientResources.builder().ioThreadPoolSize(1).computationThreadPoolSize(2).build();
    // The resources go last: a prober that still ran would fail without them.
    try (ExecutorService watching = Executors.newVirtualThreadPerTaskExecutor()) {
      followTopology(watching, resources);
      watching.shutdownNow();
    } finally {
      resources.shutdown();
    }
  }

  private void followTopology(ExecutorService watching, ClientResources resources) {
    try {
      for (Topology next = published.take(); !isStopped(); next = published.take()) {
        Map<NodeId, Node> wanted =
            nodes(next).collect(Collectors.toMap(Node::id, Function.identity()));
        Set<NodeId> ids = wanted.keySet();
        watched.entrySet().removeIf(entry -> !ids.contains(entry.getKey()) && stopped(entry));
        found.keySet().retainAll(ids);
        configurations.keySet().retainAll(ids);
        incarnations.retain(ids);
        wanted.forEach(
            (id, node) -> {
              // Its role is known before the next probe.
              found.merge(id, NodeHealth.unknown(node), (known, unknown) -> known.node(node));
              watched.computeIfAbsent(id, n -> watching.submit(() -> watch(n, resources)));
            });
      }
    } catch (InterruptedException stopping) {
      LOG.debug("no more probes");
    }
  }

  private static boolean stopped(Map.Entry<NodeId, Future<?>> watch) {
    watch.getValue().cancel(true);
    return true;
  }

  private void watch(NodeId node, ClientResources resources) {
    Eligibility eligibility =
        new Eligibility(
            () -> shardOf(node),
            settings.allowsUntestedVersions(),
            settings.fencing(),
            settings.marker(),
            settings.databases());
    try (NodeProber prober = new NodeProber(node, eligibility, settings, resources, nanoClock)) {
      boolean stop = isStopped();
      while (!stop) {
        NodeHealth before = found.get(node);
        if (before == null) {
          return;
        }
        NodeHealth probed = prober.probe(before);
        NodeHealth leader = shardOf(node).map(Shard::leader).map(health()::of).orElse(probed);
        NodeHealth now = withReplicas(judged(before, probed, leader));
        if (isStopped()) {
          return;
        }
        // A node that has left meanwhile stays forgotten.
        found.computeIfPresent(
            node,
            (id, old) -> {
              configurations.put(id, prober.configuration());
              return now.node(old.node());
            });
        report(before, now);
        stop = isStoppedWithinInterval();
      }
    }
  }

  /** What the config group has admitted counts; without one what has been seen here. */
  private NodeHealth judged(NodeHealth before, NodeHealth probed, NodeHealth leader) {
    NodeId id = probed.node().id();
    Map<NodeId, String> runs = shardOf(id).map(Shard::incarnations).orElse(Map.of());
    return runs.isEmpty()
        ? incarnations.judge(before, probed, leader)
        : probed.lostData(!probed.runId().equals(runs.get(id)));
  }

  /** A leader is no better than its replicas: nobody can tell which of them it counts. */
  private NodeHealth withReplicas(NodeHealth leader) {
    if (!leader.node().isLeader() || !leader.unfit().isEmpty()) {
      return leader;
    }
    Health known = health();
    return shardOf(leader.node().id()).stream()
        .flatMap(shard -> shard.replicas().stream())
        .map(known::of)
        .filter(replica -> !replica.unfit().isEmpty())
        .findFirst()
        .map(replica -> leader.unfit("its replica " + replica.node().id() + ": " + replica.unfit()))
        .orElse(leader);
  }

  /** Whether this thread is to end: for good, or as its node has left. */
  private boolean isStopped() {
    return stopped.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  private boolean isStoppedWithinInterval() {
    try {
      return stopped.await(settings.interval().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopping) {
      return true;
    }
  }

  private static void report(NodeHealth before, NodeHealth now) {
    NodeId id = now.node().id();
    if (before.state() != now.state()) {
      LOG.info("node {} is {} {}", id, now.state().text(), now.lastError());
    }
    if (now.lostData() && !before.lostData()) {
      LOG.warn("node {} was restarted and may have forgotten what it had acknowledged", id);
    }
    if (!now.mismatch().isEmpty() && !now.mismatch().equals(before.mismatch())) {
      LOG.warn("node {}: {}", id, now.mismatch());
    }
    if (!now.warning().isEmpty() && !now.warning().equals(before.warning())) {
      LOG.warn("node {}: {}", id, now.warning());
    }
    if (!now.unfit().isEmpty() && !now.unfit().equals(before.unfit())) {
      LOG.warn("node {} can promise nothing above level async: {}", id, now.unfit());
    }
  }

  /** Ends the probes; returns when the last has ended. */
  @Override
  public void close() {
    // An interrupt alone may get lost in whatever a probe is just doing.
    stopped.countDown();
    published.add(current);
    probing.shutdownNow();
    probing.close();
  }
}
