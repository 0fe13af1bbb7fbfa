package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.spi.Clock;
import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a heartbeat in each interval. When something has been observed, or a topology is published
 * here that the next step of a shard waits for, the controller is told at once.
 */
public final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  /** News need not wait until what was sent before is answered. */
  private static final int AT_ONCE = 4;

  private static final int LAST_ANSWERS_SECONDS = 10;

  private final ConfigGroup group;
  private final Clock clock;
  private final long intervalNanos;
  private final Consumer<Clock.Moment> granted;
  private final Semaphore news = new Semaphore(0);
  private final Semaphore underWay = new Semaphore(AT_ONCE);
  private final Thread thread;
  private volatile Observations observations = Observations.NONE;
  private boolean failing;
  private Clock.@Nullable Moment grantedLast;

  /**
   * Begins at once.
   *
   * @param granted is told the moment just before a heartbeat was sent, once the topology that was
   *     newest at that time or later is published here; each moment is later than the one before.
   *     It must return soon
   */
  public static Heartbeats start(
      ConfigGroup group, Clock clock, Duration interval, Consumer<Clock.Moment> granted) {
    Heartbeats heartbeats = new Heartbeats(group, clock, interval, granted);
    group.subscribe(heartbeats::published);
    heartbeats.thread.start();
    return heartbeats;
  }

  private Heartbeats(
      ConfigGroup group, Clock clock, Duration interval, Consumer<Clock.Moment> granted) {
    this.group = group;
    this.clock = clock;
    this.intervalNanos = interval.toNanos();
    this.granted = granted;
    this.thread = Thread.ofVirtual().name("heartbeats").unstarted(this::run);
  }

  private void published(Topology topology) {
    boolean awaited =
        topology.shards().stream()
            .anyMatch(
                shard ->
                    shard.state().isFenced() || (shard.isServing() && !shard.pending().isEmpty()));
    if (awaited) {
      tellAtOnce();
    }
  }

  /**
   * Each heartbeat is an entry in the log, and costs every coordinator a few milliseconds of its
   * processor, just when clients wait: so one is sent only where no leader can be told.
   */
  private void tellAtOnce() {
    try {
      var unused =
          group
              .tell(observations)
              .whenComplete(
                  (topology, failure) -> {
                    if (failure != null) {
                      news.release();
                    }
                  });
    } catch (RejectedExecutionException closing) {
      LOG.debug("the config group is told nothing any more");
    }
  }

  /** The leaders that seem to have failed from now on: the epochs of their shards. */
  public synchronized void suspect(Map<String, Long> suspects) {
    observations = observations.withSuspects(suspects);
    tellAtOnce();
  }

  /** The shards that are not asked anything any more, and since which topology they are held. */
  public synchronized void drained(Map<String, Long> drained) {
    boolean awaited = !observations.drained().entrySet().containsAll(drained.entrySet());
    observations = observations.withDrained(drained);
    if (awaited) {
      tellAtOnce();
    }
  }

  /**
   * What the controller sees, which others hear of with the next heartbeat: how far the markers
   * are, and what shards wait for.
   */
  public synchronized void controls(
      Map<String, MarkerPosition> markers, Map<String, String> waits) {
    if (!observations.markers().equals(markers)) {
      observations = observations.withMarkers(markers);
    }
    if (!observations.waits().equals(waits)) {
      observations = observations.withWaits(waits);
    }
  }

  private void run() {
    try {
      while (true) {
        underWay.acquire();
        news.drainPermits();
        Clock.Moment sent = clock.now();
        send(sent);
        long left = sent.nanos() + intervalNanos - clock.now().nanos();
        var unused = news.tryAcquire(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException closed) {
      LOG.debug("no more heartbeats");
    }
  }

  private void send(Clock.Moment sent) {
    try {
      var unused =
          group.heartbeat(observations).whenComplete((topology, failure) -> ended(sent, failure));
    } catch (Throwable fault) {
      // Where memory is short now, the next one may be sent again.
      ended(sent, fault);
    }
  }

  private synchronized void ended(Clock.Moment sent, @Nullable Throwable failure) {
    try {
      if (failure == null) {
        grant(sent);
        if (failing) {
          LOG.info("the config group answers heartbeats again");
        }
      } else if (!failing) {
        LOG.warn("no answer to a heartbeat from the config group: {}", failure.getMessage());
      }
      failing = failure != null;
    } finally {
      underWay.release();
    }
  }

  /** Nothing new, if one that was sent later has come first. */
  private void grant(Clock.Moment sent) {
    Clock.Moment last = grantedLast;
    if (last == null || sent.nanos() - last.nanos() > 0) {
      grantedLast = sent;
      granted.accept(sent);
    }
  }

  /** Sends no more; nothing is granted afterwards. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
      if (!underWay.tryAcquire(AT_ONCE, LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("heartbeats are not answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
