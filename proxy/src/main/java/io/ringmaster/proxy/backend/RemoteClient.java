package io.ringmaster.proxy.backend;

/**
 * A connection as its server knows it.
 *
 * @param runId the incarnation of the server
 * @param clientId the server's number for the connection
 */
record RemoteClient(String runId, long clientId) {}
