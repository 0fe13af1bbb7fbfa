package io.ringmaster.cluster.simulation;

import java.util.List;

/**
 * What one run has shown.
 *
 * @param scenario what was simulated
 * @param violations what must not be
 * @param settled whether the shard was whole again at the end
 * @param acknowledged how many operations were
 * @param operations how many there were
 * @param epochs how many leaders there were
 * @param trace what happened, if that was asked for
 */
record Verdict(
    long seed,
    Scenario scenario,
    List<String> violations,
    boolean settled,
    long acknowledged,
    int operations,
    long epochs,
    long events,
    List<String> trace) {

  boolean isGood() {
    return violations.isEmpty() && settled;
  }

  String describe() {
    StringBuilder text = new StringBuilder();
    trace.forEach(line -> text.append(line).append('\n'));
    text.append("seed ").append(seed).append(": ");
    text.append(settled ? "" : "the shard did not become whole again; ");
    text.append(violations.size()).append(" violations\n");
    violations.forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }
}
