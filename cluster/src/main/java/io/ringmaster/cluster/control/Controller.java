package io.ringmaster.cluster.control;

import io.ringmaster.cluster.topology.MarkerPosition;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.cluster.topology.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Looks after all shards while its coordinator leads the config group, and does nothing while it
 * does not. What it remembers is gone with the term; what counts is in the topology. Belongs to one
 * event loop.
 */
public final class Controller {

  private final Host host;
  private final Map<String, ShardKeeper> keepers = new HashMap<>();
  private Term term = Term.NONE;
  private long round;
  private boolean stopped;

  public Controller(Host host) {
    this.host = host;
  }

  /** Looks after the shards from now on. */
  public void start() {
    if (!stopped) {
      tick();
      long present = ++round;
      int pause = isUrgent() ? Timing.URGENT_TICK : Timing.TICK;
      host.scheduler().schedule(pause, () -> goOn(present));
    }
  }

  /** Unless it has gone on meanwhile. */
  private void goOn(long from) {
    if (from == round) {
      start();
    }
  }

  private void tick() {
    Term now = host.log().term();
    if (!now.equals(term)) {
      forget();
      term = now;
    }
    if (!now.leads()) {
      return;
    }
    Topology topology = host.log().topology();
    Set<String> gone = new HashSet<>(keepers.keySet());
    for (Shard shard : topology.shards()) {
      gone.remove(shard.id());
      keepers.computeIfAbsent(shard.id(), id -> new ShardKeeper(host, this::start)).tick(shard);
    }
    for (String id : gone) {
      ShardKeeper keeper = keepers.remove(id);
      if (keeper != null) {
        keeper.close();
      }
    }
  }

  private boolean isUrgent() {
    return term.leads()
        && host.log().topology().shards().stream()
            .anyMatch(shard -> !shard.isServing() && shard.state() != ShardState.STOPPED);
  }

  private void forget() {
    keepers.values().forEach(ShardKeeper::close);
    keepers.clear();
  }

  /**
   * What each shard lacks, by its id; empty for a shard that lacks nothing. Empty unless leading.
   */
  public Map<String, String> troubles() {
    Map<String, String> troubles = new LinkedHashMap<>();
    keepers.forEach((id, keeper) -> troubles.put(id, keeper.waitsFor()));
    return troubles;
  }

  /** The furthest that the marker of each leader was seen, by the shard's id. */
  public Map<String, MarkerPosition> markers() {
    Map<String, MarkerPosition> markers = new HashMap<>();
    keepers.forEach((id, keeper) -> keeper.marker().ifPresent(found -> markers.put(id, found)));
    return markers;
  }

  /** Ends all that it does. */
  public void stop() {
    stopped = true;
    forget();
  }
}
