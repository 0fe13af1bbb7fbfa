package io.ringmaster.cluster.control;

/**
 * After what a leader seems to have failed.
 *
 * @param refusedMillis for how long connections to it are refused or lost
 * @param silentMillis for how long it owes an answer
 * @param waitMillis how long it waits for its replicas before what it holds is looked at anew;
 *     long, as replicas that are a little behind all the time are well
 * @param stallMillis after which a coordinator that stood still itself begins anew
 */
public record DetectorSettings(
    long refusedMillis, long silentMillis, int waitMillis, long stallMillis) {}
