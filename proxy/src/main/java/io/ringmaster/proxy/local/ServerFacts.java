package io.ringmaster.proxy.local;

/**
 * What this proxy says of itself.
 *
 * @param version its own version
 * @param announcedVersion the Redis version that clients are told
 * @param runId forty hexadecimal digits, new with each start
 * @param host address that it listens on
 * @param port port that it listens on
 * @param startedNanos when it started, by {@link System#nanoTime}
 * @param maxClients how many clients it takes
 * @param idleTimeoutSeconds after which an idle client is closed; 0 for never
 */
public record ServerFacts(
    String version,
    String announcedVersion,
    String runId,
    String host,
    int port,
    long startedNanos,
    int maxClients,
    long idleTimeoutSeconds) {

  long uptimeSeconds() {
    return (System.nanoTime() - startedNanos) / 1_000_000_000L;
  }
}
