package io.ringmaster.proxy;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ringmaster.cluster.control.Controller;
import io.ringmaster.cluster.control.EpochUsers;
import io.ringmaster.cluster.control.FailureDetector;
import io.ringmaster.cluster.control.Host;
import io.ringmaster.cluster.replication.LeaderPolicy;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.proxy.backend.AdminConnections;
import io.ringmaster.proxy.backend.BackendPool;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.LoopScheduler;
import io.ringmaster.proxy.loop.MemoryBudget;
import io.ringmaster.proxy.metadata.ConfigGroup;
import io.ringmaster.proxy.metadata.GroupLog;
import io.ringmaster.proxy.metadata.Heartbeats;
import io.ringmaster.proxy.metrics.LoopCounters;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which the controller and the failure detector run, with connections of their own.
 */
final class ControlLoop implements ControlPlane {

  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
  private static final int LOOK_MILLIS = 500;
  private static final int TROUBLE_LENGTH = 300;

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop eventLoop;
  private final DataLoop loop;
  private final BackendPool backends;
  private final AdminConnections links;
  private final Controller controller;
  private final FailureDetector detector;
  private volatile @Nullable Heartbeats heartbeats;
  private Map<String, String> troubles = Map.of();

  ControlLoop(ServerContext context, EpochUsers users, ConfigGroup configGroup) {
    PartSettings parts = context.parts();
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("control"), context.transport().io());
    this.eventLoop = (EventLoop) group.iterator().next();
    LoopCounters counters = new LoopCounters();
    this.loop = context.loop(eventLoop, MemoryBudget.endless(), counters);
    this.backends = context.backends(loop, counters);
    this.links = new AdminConnections(loop, backends);
    LoopScheduler scheduler = new LoopScheduler(loop);
    // It proves everything by barriers, so that it needs no lease.
    LeaderPolicy policy =
        context.leaderPolicy(backends, scheduler, counters, Lease.ALWAYS, configGroup::topology);
    this.controller =
        new Controller(
            new Host(
                new GroupLog(configGroup, eventLoop),
                links,
                users,
                policy,
                parts.marker(),
                scheduler,
                parts.controller()));
    this.detector =
        new FailureDetector(
            backends, policy, scheduler, configGroup::topology, parts.detector(), this::tell);
  }

  @Override
  public void start() {
    eventLoop.execute(controller::start);
    loop.every(LOOK_MILLIS, this::look);
  }

  @Override
  public void detectFailures(Heartbeats told) {
    heartbeats = told;
    eventLoop.execute(detector::start);
  }

  private void tell(Map<String, Long> found) {
    LOG.info("shards whose leaders seem to have failed, with their epochs: {}", found);
    Heartbeats told = heartbeats;
    if (told != null) {
      told.suspect(found);
    }
  }

  private void look() {
    Map<String, String> before = troubles;
    Map<String, String> now = new TreeMap<>();
    controller.troubles().forEach((shard, trouble) -> now.put(shard, shortened(trouble)));
    now.values().removeIf(String::isEmpty);
    now.forEach(
        (shard, trouble) -> {
          if (!trouble.equals(before.get(shard))) {
            LOG.warn("shard {}: {}", shard, trouble);
          }
        });
    troubles = now;
    Heartbeats told = heartbeats;
    if (told != null) {
      told.controls(controller.markers(), now);
    }
  }

  /** Each heartbeat carries all of them. */
  private static String shortened(String trouble) {
    return trouble.length() <= TROUBLE_LENGTH ? trouble : trouble.substring(0, TROUBLE_LENGTH);
  }

  @Override
  public void publish(Topology next) {
    eventLoop.execute(() -> loop.faults().guard("a new topology", () -> backends.follow(next)));
  }

  @Override
  public void stop() {
    eventLoop
        .submit(
            () -> {
              detector.stop();
              controller.stop();
              links.close();
              backends.close();
            })
        .syncUninterruptibly();
  }

  @Override
  public void close() {
    eventLoop.submit(loop::close).syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
