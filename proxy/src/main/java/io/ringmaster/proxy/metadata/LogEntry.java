package io.ringmaster.proxy.metadata;

/** An entry of the replicated log. */
sealed interface LogEntry permits Seed, Proposal, ReadBarrier, Heartbeat, Claim {}
