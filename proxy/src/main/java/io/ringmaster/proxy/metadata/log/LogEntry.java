package io.ringmaster.proxy.metadata.log;

/** An entry of the replicated log. */
public sealed interface LogEntry
    permits InitialTopology, Proposal, ReadBarrier, Heartbeat, Registration {}
