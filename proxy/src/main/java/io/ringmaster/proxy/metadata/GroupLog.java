package io.ringmaster.proxy.metadata;

import io.ringmaster.cluster.control.ConfigLog;
import io.ringmaster.cluster.control.Proposals;
import io.ringmaster.cluster.control.Term;
import io.ringmaster.cluster.quorum.Reports;
import io.ringmaster.cluster.topology.Topology;
import io.ringmaster.cluster.topology.TopologyChange;
import io.ringmaster.proxy.metadata.log.LogFormat;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
  private final Proposals proposals = new Proposals();

  /** {@code thread} runs the controller, one task after the other. */
  public GroupLog(ConfigGroup group, Executor thread) {
    this.group = group;
    this.thread = thread;
  }

  @Override
  public Topology topology() {
    return group.topology();
  }

  @Override
  public Term term() {
    return group.leadingTerm();
  }

  @Override
  public void commit(TopologyChange change, String cause, long tookMillis, Runnable ended) {
    LOG.info("proposing {} after {} ms: {}", LogFormat.line(change), tookMillis, cause);
    long number = proposals.next();
    Term term = term();
    group
        .propose(change, cause, Duration.ofMillis(tookMillis))
        .whenComplete(
            (outcome, failure) -> {
              LOG.info(
                  "{}: {}",
                  LogFormat.line(change),
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
  public void confirm(Term term, Consumer<Boolean> then) {
    group
        .read()
        .whenComplete(
            (topology, failure) ->
                thread.execute(
                    () -> then.accept(failure == null && term.leads() && term().equals(term))));
  }

  @Override
  public Reports reports() {
    return group.reports();
  }

  @Override
  public Set<String> members() {
    return group.view().members().stream().map(Member::id).collect(Collectors.toSet());
  }
}
