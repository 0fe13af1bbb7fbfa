package io.ringmaster.proxy;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.frontend.Frontend;
import io.ringmaster.proxy.loop.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The event loops that serve clients, and what they share. */
final class DataPlane {

  private final MultiThreadIoEventLoopGroup group;
  private final MemoryBudget memory;
  private final List<ClientLoop> loops = new ArrayList<>();
  private final Drains drains;
  private final AtomicLong clientIds = new AtomicLong();

  DataPlane(ServerContext context) {
    this.memory = new MemoryBudget(context.parts().memory());
    int threads = context.settings().listen().threads();
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("data"), context.transport().io());
    this.drains = new Drains(threads);
    for (EventExecutor executor : group) {
      loops.add(loop(context, (EventLoop) executor, loops.size()));
    }
  }

  private ClientLoop loop(ServerContext context, EventLoop eventLoop, int number) {
    return new ClientLoop(
        context,
        eventLoop,
        memory,
        clientIds::incrementAndGet,
        drained -> drains.drained(number, drained));
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
  void disconnect() {
    loops.forEach(ClientLoop::close);
  }

  /** Ends the threads. */
  void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
