package io.ringmaster.proxy.local;

/**
 * What this proxy says of itself.
 *
 * @param version its own version
 * @param announcedVersion the Redis version that clients are told
 * @param runId forty hexadecimal digits, new with each start
 * @param port port that it listens on
 * @param startedNanos when it started, by {@link System#nanoTime}
 * @param maxClients how many clients it takes
 */
public record ServerFacts(
    String version,
    String announcedVersion,
    String runId,
    int port,
    long startedNanos,
    int maxClients) {

  /** Seconds since it started. */
  public long uptimeSeconds() {
    return (System.nanoTime() - startedNanos) / 1_000_000_000L;
  }
}
