package io.ringmaster.proxy;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.replication.Policies;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.backend.BackendPool;
import io.ringmaster.proxy.backend.Logins;
import io.ringmaster.proxy.config.Settings;
import io.ringmaster.proxy.dispatch.ParkedRequests;
import io.ringmaster.proxy.frontend.Frontend;
import io.ringmaster.proxy.frontend.User;
import io.ringmaster.proxy.health.HealthMonitor;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.LoopScheduler;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metrics.LoopCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The event loops that serve clients, and what they share. */
final class DataPlane {

  private final Settings settings;
  private final PartSettings parts;
  private final Transport transport;
  private final User atStart;
  private final Logins logins;
  private final HealthMonitor control;
  private final Lease lease;
  private final Supplier<Topology> topology;
  private final MultiThreadIoEventLoopGroup group;
  private final MemoryBudget memory;
  private final List<ClientLoop> loops = new ArrayList<>();
  private final Drains drains;
  private final AtomicLong clientIds = new AtomicLong();

  /**
   * @param atStart whom a client is taken for before it logs in
   * @param topology the newest that this process knows
   */
  DataPlane(
      PartSettings parts,
      Transport transport,
      User atStart,
      Logins logins,
      HealthMonitor control,
      Lease lease,
      Supplier<Topology> topology) {
    this.settings = parts.settings();
    this.parts = parts;
    this.transport = transport;
    this.atStart = atStart;
    this.logins = logins;
    this.control = control;
    this.lease = lease;
    this.topology = topology;
    this.memory = new MemoryBudget(parts.memory());
    int threads = settings.listen().threads();
    this.group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("data"), transport.io());
    this.drains = new Drains(threads);
    for (EventExecutor executor : group) {
      loops.add(loop((EventLoop) executor));
    }
  }

  private ClientLoop loop(EventLoop eventLoop) {
    LoopCounters counters = new LoopCounters();
    DataLoop loop =
        new DataLoop(eventLoop, transport.allocator(), memory, new Faults(counters::faulty));
    Frontend frontend =
        new Frontend(
            loop,
            parts.clients(),
            counters,
            clientIds::incrementAndGet,
            settings.backend().databases(),
            atStart);
    BackendPool pool =
        new BackendPool(loop, transport.sockets(), parts.backends(), logins, counters);
    LoopScheduler scheduler = new LoopScheduler(loop);
    LeaderPolicy leader =
        new LeaderPolicy(pool, scheduler, parts.barriers(), counters, control, lease, topology);
    long patienceMillis = settings.coordinator().queueTimeout().toMillis();
    int number = loops.size();
    return new ClientLoop(
        loop,
        frontend,
        pool,
        counters,
        new Policies(Map.of(PolicyName.LEADER, leader)),
        leader,
        new ParkedRequests(topology.get(), scheduler, patienceMillis, pool),
        !lease.isEndless(),
        drained -> drains.drained(number, drained),
        new Pulse(System::nanoTime, transport.allocator()));
  }

  /** The threads of the loops. */
  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /** What all clients together may occupy. */
  MemoryBudget memory() {
    return memory;
  }

  List<ClientLoop> loops() {
    return loops;
  }

  List<Frontend> frontends() {
    return loops.stream().map(ClientLoop::frontend).toList();
  }

  /** Tells from now on, and at once, which shards no loop asks any more, and since when. */
  void onDrained(Consumer<Map<String, Long>> listener) {
    drains.listen(listener);
  }

  /** Requests that have begun keep the topology that they began with. */
  void publish(Topology next) {
    loops.forEach(loop -> loop.publish(next));
  }

  /** Answers each request with {@code error} from soon on, and closes. */
  void sendAway(String error) {
    loops.forEach(loop -> loop.sendAway(error));
  }

  /** Asks every client to go once its requests are answered. */
  void drain() {
    loops.forEach(ClientLoop::drain);
  }

  /** Closes the connections to the servers. */
  void close() {
    loops.forEach(ClientLoop::close);
  }
}
