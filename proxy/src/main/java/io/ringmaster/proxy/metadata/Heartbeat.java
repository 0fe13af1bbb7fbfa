package io.ringmaster.proxy.metadata;

/**
 * Says that a coordinator has published a topology to its event loops, and what it has found out.
 * Like a {@link ReadBarrier}, who has applied it has applied all that was committed before it was
 * sent.
 *
 * @param by the coordinator that sent it
 * @param instance the run of its process, unlike any other
 * @param epoch of the topology
 * @param findings about the shards
 */
record Heartbeat(String by, String instance, long epoch, Findings findings) implements LogEntry {}
