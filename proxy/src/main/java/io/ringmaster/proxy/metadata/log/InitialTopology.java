package io.ringmaster.proxy.metadata.log;

import io.ringmaster.cluster.topology.Topology;
import java.time.Instant;

/**
 * The topology to begin with. The first one in the log counts, all others are ignored.
 *
 * @param topology what the sender's configuration says
 * @param by the coordinator that sent it
 * @param time when it was sent, on the sender's clock
 * @param secret the fingerprint of the secret that all have to have
 */
public record InitialTopology(Topology topology, String by, Instant time, String secret)
    implements LogEntry {}
