package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.quorum.Report;

/**
 * Says that a coordinator has published a topology to its event loops, and what it has observed.
 * Like a {@link ReadBarrier}, who has applied it has applied all that was committed before it was
 * sent.
 *
 * @param report what its sender says
 */
public record Heartbeat(Report report) implements LogEntry {}
