package io.ringmaster.proxy.metadata.log;

/**
 * Changes nothing. Who has applied it has applied all that was committed before it was sent: this
 * is how the topology is read. Ratis' own linearizable read does not do: its leader asks nobody
 * again once a majority has confirmed the present commit index, so that a leader that has been
 * replaced meanwhile answers with what is old.
 */
public record ReadBarrier() implements LogEntry {}
