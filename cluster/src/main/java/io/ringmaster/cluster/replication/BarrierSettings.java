package io.ringmaster.cluster.replication;

/**
 * How long barriers may take, and where their marker is.
 *
 * @param waitMillis how long a server waits for its replicas before it says how many there are
 * @param deadlineMillis after which a reply that is still held ends as unknown
 * @param beginsMarker whether a leader that has no marker is given one; else that is done by
 *     whoever admits servers
 * @param marker of all shards
 */
public record BarrierSettings(
    int waitMillis, int deadlineMillis, boolean beginsMarker, Marker marker) {}
