package io.ringmaster.cluster.replication;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Shard;
import java.util.HashMap;
import java.util.Map;

/**
 * What the reads of one client must see where they are not made at the leader: its own writes. It
 * belongs to the client's event loop.
 */
public final class ClientView {

  /** Of clients that read from leaders: nothing needs to be remembered. */
  public static final ClientView UNTRACKED = new ClientView(0, false);

  private static final MarkerPosition UNKNOWN = new MarkerPosition(Long.MAX_VALUE, 0);
  private static final MarkerPosition ANY = new MarkerPosition(0, 0);

  private final int pin;
  private final boolean tracked;
  private final Map<String, Written> written = new HashMap<>();

  /** The client's writes to one shard. */
  private static final class Written {
    int outstanding;
    MarkerPosition covering = ANY;
  }

  /** {@code pin} chooses the replica that the client reads from. */
  public ClientView(int pin) {
    this(pin, true);
  }

  private ClientView(int pin, boolean tracked) {
    this.pin = pin;
    this.tracked = tracked;
  }

  int pin() {
    return pin;
  }

  boolean isTracked() {
    return tracked;
  }

  /** A write is on its way; {@link #proved} or {@link #unproved} follows. */
  void writes(Shard shard) {
    if (tracked) {
      Written writes = written.computeIfAbsent(shard.id(), id -> new Written());
      if (writes.outstanding == 0) {
        // What covers the first of those to come covers all before it.
        writes.covering = ANY;
      }
      writes.outstanding++;
    }
  }

  /** A write, and all before it, is covered by the barrier of this number. */
  void proved(Shard shard, long number) {
    settled(shard, new MarkerPosition(shard.epoch(), number));
  }

  /** A write has ended, and no barrier covers it. */
  void unproved(Shard shard) {
    settled(shard, UNKNOWN);
  }

  private void settled(Shard shard, MarkerPosition covering) {
    Written writes = written.get(shard.id());
    if (writes != null) {
      writes.outstanding--;
      // They are proved in any order, as their levels differ.
      writes.covering = covering.compareTo(writes.covering) > 0 ? covering : writes.covering;
    }
  }

  /** Whether any replica will do. */
  boolean needsNothing(Shard shard) {
    return !written.containsKey(shard.id());
  }

  /** Whether no replica will do. */
  boolean needsLeader(Shard shard) {
    return needed(shard).equals(UNKNOWN);
  }

  /** Returns what a replica must have reached. */
  MarkerPosition needed(Shard shard) {
    Written writes = written.get(shard.id());
    if (writes == null) {
      return ANY;
    }
    return writes.outstanding > 0 ? UNKNOWN : writes.covering;
  }
}
