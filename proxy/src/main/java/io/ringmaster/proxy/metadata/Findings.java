package io.ringmaster.proxy.metadata;

import java.util.Map;

/**
 * What a coordinator has found out about the shards, told with its heartbeats.
 *
 * @param number higher than that of what the same process has found before: heartbeats may overtake
 *     each other
 * @param suspects the shards whose leaders seem to have failed, and the epoch of each
 * @param drained the shards that are being handed over and are not asked anything by it any more,
 *     and since which topology each is held
 */
public record Findings(long number, Map<String, Long> suspects, Map<String, Long> drained) {

  /** Nothing. */
  public static final Findings NONE = new Findings(0, Map.of(), Map.of());

  public Findings {
    suspects = Map.copyOf(suspects);
    drained = Map.copyOf(drained);
  }

  Findings withSuspects(Map<String, Long> found) {
    return new Findings(number + 1, found, drained);
  }

  Findings withDrained(Map<String, Long> found) {
    return new Findings(number + 1, suspects, found);
  }
}
