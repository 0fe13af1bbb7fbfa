package io.ringmaster.proxy.metadata.log;

import java.time.Duration;
import java.time.Instant;

/**
 * A change of the topology that has happened; the same on every coordinator.
 *
 * @param id of the proposal
 * @param epoch the topology that it made
 * @param time when it was sent
 * @param change what changed, as JSON
 * @param by the coordinator that sent it
 * @param cause why
 * @param waited time from the cause until it was sent
 */
public record TopologyEvent(
    String id, long epoch, Instant time, String change, String by, String cause, Duration waited) {}
