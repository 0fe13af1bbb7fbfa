package io.ringmaster.proxy.metadata;

/**
 * What the last heartbeat of a coordinator said.
 *
 * @param by the coordinator
 * @param instance the run of its process
 * @param epoch the newest topology that it has published
 * @param findings about the shards
 */
record Acknowledgement(String by, String instance, long epoch, Findings findings) {}
