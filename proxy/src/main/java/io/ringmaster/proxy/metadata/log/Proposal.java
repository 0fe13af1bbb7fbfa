package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.topology.TopologyChange;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A change as it stands in the log.
 *
 * @param id unlike that of any other; the same proposal is applied once however often it arrives
 * @param change what is to change
 * @param basedOn the only epoch to which it may be applied; empty for any
 * @param by the coordinator that sent it
 * @param cause why, for the operator
 * @param time when it was sent, on the sender's clock
 * @param waited time from the cause until it was sent
 */
public record Proposal(
    String id,
    TopologyChange change,
    OptionalLong basedOn,
    String by,
    String cause,
    Instant time,
    Duration waited)
    implements LogEntry {}
