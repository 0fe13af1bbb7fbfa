package io.ringmaster.cluster.simulation;

import org.jspecify.annotations.Nullable;

/** What a command answers, and what it changes. */
record Outcome(SimulatedReply reply, @Nullable Effect effect) {

  static Outcome of(SimulatedReply reply) {
    return new Outcome(reply, null);
  }
}
