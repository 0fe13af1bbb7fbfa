package io.ringmaster.proxy.backend;

import java.time.Duration;

/**
 * The limits and times of the data plane's connections to the servers.
 *
 * @param connectTimeout until a connection must be ready for use
 * @param replyTimeout how long a connection with requests in flight may stay silent, without a byte
 *     in either direction
 * @param reconnectMin first pause after a connection that failed; it doubles, with jitter
 * @param reconnectMax longest such pause
 * @param queueCommands requests in flight on one connection, from which on clients wait for it
 * @param queueBytes the same in bytes waiting to be sent
 * @param queueTimeout how long they wait
 * @param large what is large, and goes over connections of its own
 */
public record BackendSettings(
    Duration connectTimeout,
    Duration replyTimeout,
    Duration reconnectMin,
    Duration reconnectMax,
    int queueCommands,
    long queueBytes,
    Duration queueTimeout,
    Large large) {

  /**
   * Requests and replies that would be in the way of others.
   *
   * @param from how many bytes they have at least
   * @param connections how many are lent to large requests at a time, by each loop for each node
   *     and lane, and how many are shared at most besides the first while large replies are on
   *     their way
   * @param idle after what time without a request such a connection is closed
   */
  public record Large(long from, int connections, Duration idle) {}
}
