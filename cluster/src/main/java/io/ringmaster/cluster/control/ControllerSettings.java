package io.ringmaster.cluster.control;

/**
 * What a controller does unasked.
 *
 * @param adopts whether the servers of a new shard are taken over
 * @param excludeAfterMillis for how long a replica is silent before it is taken out of its shard; 0
 *     if it never is
 * @param planPauseMillis how long nothing is planned unasked for a shard that could not be handed
 *     over, the first time
 */
public record ControllerSettings(boolean adopts, long excludeAfterMillis, long planPauseMillis) {}
