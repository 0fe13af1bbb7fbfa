package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.spi.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replies of one leader that are not committed yet, lane by lane in the order in which they
 * came, and the advances of the marker that may commit them. As each lane is counted for itself, an
 * advance can never commit a reply that it does not cover. Belongs to one event loop.
 */
final class UncommittedReplies {

  /** The replies of one lane. */
  private static final class LaneReplies {
    final Lane lane;
    final ArrayDeque<UncommittedReply> waiting = new ArrayDeque<>();
    // How many have come, and how many of these wait no more.
    long came;
    long left;
    // Whether one has come since a connection was lost.
    boolean used;

    LaneReplies(Lane lane) {
      this.lane = lane;
    }

    boolean counts() {
      return used && !(lane.isLent() && waiting.isEmpty());
    }
  }

  private final List<LaneReplies> lanes = new ArrayList<>(2);
  // In the order of their numbers.
  private final ArrayDeque<MarkerAdvance> answered = new ArrayDeque<>();
  private long sequence;
  private int size;

  /** A reply has come on its lane. */
  void add(UncommittedReply reply) {
    LaneReplies replies = of(reply.lane());
    replies.waiting.add(reply);
    replies.used = true;
    replies.came++;
    size++;
  }

  /** The one that was added last on {@code lane}, a moment ago, does not wait. */
  void removeLast(Lane lane) {
    LaneReplies replies = of(lane);
    replies.waiting.removeLast();
    replies.came--;
    size--;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * The lanes on which a reply has come since a connection was lost; of those that are lent, which
   * come and go, the ones on which it still waits.
   */
  List<Lane> lanes() {
    return lanes.stream().filter(LaneReplies::counts).map(replies -> replies.lane).toList();
  }

  private LaneReplies of(Lane lane) {
    int index = index(lane);
    if (index >= 0) {
      return lanes.get(index);
    }
    LaneReplies fresh = new LaneReplies(lane);
    lanes.add(fresh);
    return fresh;
  }

  private int index(Lane lane) {
    for (int i = 0; i < lanes.size(); i++) {
      if (lanes.get(i).lane.equals(lane)) {
        return i;
      }
    }
    return -1;
  }

  /** An advance that is sent now on {@code lane}, {@code numberBefore} being known. */
  MarkerAdvance advance(Lane lane, long numberBefore) {
    of(lane);
    long[] covered = new long[lanes.size()];
    for (int i = 0; i < covered.length; i++) {
      covered[i] = lanes.get(i).came;
    }
    return new MarkerAdvance(++sequence, lane, numberBefore, covered);
  }

  /** The leader has executed {@code advance}, which knows its number now. */
  void answered(MarkerAdvance advance) {
    int index = index(advance.lane());
    advance.cover(index, lanes.get(index).came);
    long number = advance.number();
    ArrayDeque<MarkerAdvance> later = new ArrayDeque<>(2);
    for (MarkerAdvance last = answered.peekLast();
        last != null && last.number() > number;
        last = answered.peekLast()) {
      later.addFirst(answered.removeLast());
    }
    answered.add(advance);
    answered.addAll(later);
  }

  /** The lowest advance that the leader has executed and nobody has proved; null if none is. */
  @Nullable MarkerAdvance lowest() {
    return answered.peek();
  }

  /** Takes what {@link #lowest} covers, which is proved now. */
  List<UncommittedReply> take() {
    MarkerAdvance advance = answered.remove();
    List<UncommittedReply> taken = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      LaneReplies replies = lanes.get(i);
      long end = advance.covers(i);
      while (replies.left < end && !replies.waiting.isEmpty()) {
        taken.add(removeFirst(replies));
      }
    }
    return taken;
  }

  private UncommittedReply removeFirst(LaneReplies replies) {
    replies.left++;
    size--;
    return replies.waiting.remove();
  }

  /** Whether {@code advance} covers anything that still waits. */
  boolean isCovered(MarkerAdvance advance) {
    for (int i = 0; i < lanes.size(); i++) {
      if (lanes.get(i).left < advance.covers(i)) {
        return true;
      }
    }
    return false;
  }

  /** Takes those that are held since {@code latestMicros} or longer. */
  List<UncommittedReply> takeOlder(long latestMicros) {
    List<UncommittedReply> taken = new ArrayList<>();
    lanes.forEach(replies -> takeOlder(replies, latestMicros, taken));
    return taken;
  }

  private void takeOlder(LaneReplies replies, long latestMicros, List<UncommittedReply> taken) {
    UncommittedReply first = replies.waiting.peek();
    while (first != null && first.sinceMicros() <= latestMicros) {
      taken.add(removeFirst(replies));
      first = replies.waiting.peek();
    }
  }

  /** Takes those of {@code lane}, whose connection was lost. */
  List<UncommittedReply> clear(Lane lane) {
    List<UncommittedReply> taken = new ArrayList<>();
    int index = index(lane);
    if (index >= 0) {
      takeOlder(lanes.get(index), Long.MAX_VALUE, taken);
    }
    return taken;
  }

  /** Takes all, and forgets what was advanced: a connection was lost. */
  List<UncommittedReply> clear() {
    List<UncommittedReply> taken = takeOlder(Long.MAX_VALUE);
    answered.clear();
    lanes.forEach(replies -> replies.used = false);
    return taken;
  }
}
