package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.control.ConfigLog;
import io.ringmaster.cluster.control.Proposals;
import io.ringmaster.cluster.replication.Lease;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The config group for a controller: what it answers comes back on the controller's thread, to
 * which this belongs.
 */
public final class GroupLog implements ConfigLog {

  private static final Logger LOG = LoggerFactory.getLogger(GroupLog.class);

  private final ConfigGroup group;
  private final Executor thread;
  private final long longestLeaseMillis;
  private final Proposals proposals = new Proposals();

  /**
   * @param lease how long a heartbeat vouches for a topology
   * @param thread runs the controller, one task after the other
   */
  public GroupLog(ConfigGroup group, Duration lease, Executor thread) {
    this.group = group;
    this.thread = thread;
    this.longestLeaseMillis = Lease.longest(lease).toMillis();
  }

  @Override
  public Topology topology() {
    return group.topology();
  }

  @Override
  public long term() {
    return group.leadingTerm();
  }

  @Override
  public void commit(TopologyChange change, String cause, Runnable ended) {
    LOG.info("proposing {}: {}", ChangeJson.text(change), cause);
    long number = proposals.next();
    long term = term();
    group
        .propose(change, cause)
        .whenComplete(
            (outcome, failure) -> {
              LOG.info(
                  "{}: {}",
                  ChangeJson.text(change),
                  failure == null ? outcome.text() : "given up, as this coordinator stops");
              thread.execute(
                  () -> {
                    if (failure == null && isMade(outcome)) {
                      proposals.made(number, term, term());
                    }
                    ended.run();
                  });
            });
  }

  /** And has arrived here: what a later leader has made comes with the news of its term. */
  private boolean isMade(ChangeOutcome outcome) {
    return outcome instanceof ChangeOutcome.Committed committed
        && group.topology().epoch() >= committed.epoch();
  }

  @Override
  public Proposals proposals() {
    return proposals;
  }

  @Override
  public void confirm(long term, Consumer<Boolean> then) {
    group
        .read()
        .whenComplete(
            (topology, failure) ->
                thread.execute(() -> then.accept(failure == null && term > 0 && term() == term)));
  }

  @Override
  public boolean isKnownEverywhere(long epoch, long millis) {
    return millis > longestLeaseMillis
        || group.acknowledged().values().stream().allMatch(published -> published >= epoch);
  }

  @Override
  public boolean isKnownToMembers(long epoch) {
    return group.haveAcknowledged(epoch);
  }

  @Override
  public boolean isDrained(Shard shard) {
    return group.haveDrained(shard.id(), shard.turned());
  }

  @Override
  public boolean isSuspected(Shard shard) {
    int suspecting = group.suspecting(shard.id(), shard.epoch());
    return suspecting > 0 && 2 * suspecting > group.view().members().size();
  }
}
