package io.ringmaster.cluster.control;

/**
 * After what a leader seems to have failed.
 *
 * @param refusedMillis for how long connections to it are refused or lost
 * @param silentMillis for how long it owes an answer
 * @param stallMillis after which a coordinator that stood still itself begins anew
 */
public record DetectorSettings(long refusedMillis, long silentMillis, long stallMillis) {}
