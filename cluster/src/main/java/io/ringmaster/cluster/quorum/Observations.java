package io.ringmaster.cluster.quorum;

import io.ringmaster.cluster.topology.MarkerPosition;
import java.util.Map;

/**
 * The findings of one coordinator about the shards, by their ids.
 *
 * @param number higher than that of what the same process has found before: reports may overtake
 *     each other
 * @param suspects the shards whose leaders seem to have failed, and the epoch of each
 * @param drained the shards that are being handed over and are not asked anything by it any more,
 *     and since which topology each is held
 * @param markers the furthest that it has seen each leader's marker
 * @param waits what each shard waits for; known to the controller only
 */
public record Observations(
    long number,
    Map<String, Long> suspects,
    Map<String, Long> drained,
    Map<String, MarkerPosition> markers,
    Map<String, String> waits) {

  /** No finding. */
  public static final Observations NONE =
      new Observations(0, Map.of(), Map.of(), Map.of(), Map.of());

  /** Copies the maps. */
  public Observations {
    suspects = Map.copyOf(suspects);
    drained = Map.copyOf(drained);
    markers = Map.copyOf(markers);
    waits = Map.copyOf(waits);
  }

  /** The next ones, with other suspects. */
  public Observations withSuspects(Map<String, Long> found) {
    return new Observations(number + 1, found, drained, markers, waits);
  }

  /** The next ones, with other shards that are drained. */
  public Observations withDrained(Map<String, Long> found) {
    return new Observations(number + 1, suspects, found, markers, waits);
  }

  /** The next ones, with other markers. */
  public Observations withMarkers(Map<String, MarkerPosition> found) {
    return new Observations(number + 1, suspects, drained, found, waits);
  }

  /** The next ones, with what other shards wait for. */
  public Observations withWaits(Map<String, String> found) {
    return new Observations(number + 1, suspects, drained, markers, found);
  }
}
