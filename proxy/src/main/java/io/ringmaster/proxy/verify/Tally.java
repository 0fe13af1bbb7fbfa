package io.ringmaster.proxy.verify;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.verify.Progress.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The findings at one replica so far. Safe for all threads. */
final class Tally {

  private static final int SHOWN = 10;

  /** What a scan finds twice counts once, as long as no more keys differ. */
  private static final int REMEMBERED = 10_000;

  private final NodeId node;
  private final Set<Difference> found = new LinkedHashSet<>();
  private State state = State.RUNNING;
  private String reason = "";
  private long keys;
  private long ownKeys;
  private long differences;
  private long undecided;

  Tally(NodeId node) {
    this.node = node;
  }

  NodeId node() {
    return node;
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Ends the comparison at this replica; only the first end counts. */
  synchronized void end(State end, String why) {
    if (state == State.RUNNING) {
      state = end;
      reason = why;
    }
  }

  synchronized void compared(long more) {
    keys += more;
  }

  synchronized void comparedOwn(long more) {
    ownKeys += more;
  }

  synchronized void undecided(long more) {
    undecided += more;
  }

  synchronized void differs(Difference difference) {
    if (found.size() >= REMEMBERED || found.add(difference)) {
      differences++;
    }
  }

  synchronized Progress.Replica progress() {
    List<Difference> first = found.stream().limit(SHOWN).toList();
    return new Progress.Replica(node, state, reason, keys, ownKeys, differences, undecided, first);
  }
}
