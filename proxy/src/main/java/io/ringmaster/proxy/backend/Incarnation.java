package io.ringmaster.proxy.backend;

/**
 * A connection as its server knows it.
 *
 * @param runId which run of the server
 * @param clientId the server's number for the connection
 */
record Incarnation(String runId, long clientId) {}
