package io.ringmaster.proxy;

import io.netty.channel.EventLoop;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Policies;
import io.ringmaster.cluster.replication.ReplicaCounter;
import io.ringmaster.cluster.topology.PolicyName;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.backend.BackendPool;
import io.ringmaster.proxy.dispatch.DrainWatch;
import io.ringmaster.proxy.dispatch.ParkedRequests;
import io.ringmaster.proxy.dispatch.Router;
import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.Frontend;
import io.ringmaster.proxy.frontend.User;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.LoopScheduler;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metrics.LoopCounters;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One event loop of the data plane: its clients, its connections to servers, and what it knows. */
final class ClientLoop {

  private final DataLoop loop;
  private final Frontend frontend;
  private final BackendPool backends;
  private final LoopCounters counters;
  private final Policies policies;
  private final ReplicaCounter replicas;
  private final ParkedRequests parked;
  private final DrainWatch drains;
  private final Router router;
  private final Pulse pulse;

  /**
   * @param drained see {@link DrainWatch}
   */
  ClientLoop(
      ServerContext context,
      EventLoop eventLoop,
      MemoryBudget memory,
      LongSupplier clientIds,
      Consumer<Map<String, Long>> drained) {
    this.counters = new LoopCounters();
    this.loop = context.loop(eventLoop, memory, counters);
    User atStart = context.authenticator().isNeeded() ? User.UNKNOWN : User.UNRESTRICTED;
    int databases = context.settings().backend().databases();
    this.frontend =
        new Frontend(loop, context.parts().clients(), counters, clientIds, databases, atStart);
    this.backends = context.backends(loop, counters);
    LoopScheduler scheduler = new LoopScheduler(loop);
    LeaderPolicy leader =
        context.leaderPolicy(backends, scheduler, counters, context.lease(), context.topology());
    this.policies = new Policies(Map.of(PolicyName.LEADER, leader));
    this.replicas = leader;
    long patienceMillis = context.settings().coordinator().queueTimeout().toMillis();
    this.parked = new ParkedRequests(context.topology().get(), scheduler, patienceMillis, backends);
    if (!context.lease().isEndless()) {
      // Somebody may choose another leader when one is lost.
      backends.onLoss((node, lane, reason) -> parked.lost(node));
      backends.onSilence(parked::silent);
    }
    this.drains = new DrainWatch(parked.topology(), scheduler, this::isBusy, drained);
    this.router = new Router(parked::topology, policies, backends, loop);
    this.pulse = new Pulse(System::nanoTime, context.transport().allocator());
    loop.every(Pulse.BEAT_MILLIS, () -> pulse.beat(backends));
  }

  Frontend frontend() {
    return frontend;
  }

  LoopCounters counters() {
    return counters;
  }

  ReplicaCounter replicas() {
    return replicas;
  }

  ParkedRequests parked() {
    return parked;
  }

  Router router() {
    return router;
  }

  Pulse pulse() {
    return pulse;
  }

  private boolean isBusy(Shard shard) {
    return policies.isBusy(shard)
        || shard.nodes().stream().anyMatch(node -> backends.isBusy(node.id()));
  }

  /** The loop uses {@code next} from soon on. Safe for all threads. */
  void publish(Topology next) {
    loop.eventLoop()
        .execute(
            () -> {
              loop.faults().guard("a new topology", () -> backends.follow(next));
              loop.faults().guard("a new topology", () -> parked.follow(next));
              loop.faults().guard("a new topology", () -> drains.follow(next));
            });
  }

  /** Asks every client to go once its requests are answered. Safe for all threads. */
  void drain() {
    loop.eventLoop().execute(frontend::drain);
  }

  /** Answers each request with {@code error} from soon on, and closes. Safe for all threads. */
  void sendAway(String error) {
    loop.eventLoop()
        .execute(
            () -> {
              frontend.sink((client, request) -> refuse(client, request, error));
              parked.releaseAll();
            });
  }

  private static boolean refuse(ClientConnection client, RequestFrame request, String error) {
    client.countRequest(request);
    client.open(request.frameLength(), true).fail(error);
    client.closeAfterReplies();
    return true;
  }

  /** Closes the connections to the servers; waits for it. */
  void close() {
    loop.eventLoop().submit(backends::close).syncUninterruptibly();
    loop.eventLoop().submit(loop::close).syncUninterruptibly();
  }
}
