package io.ringmaster.cluster.spi;

import io.ringmaster.protocol.Request;

/**
 * A connection to one server, which is not opened again once it is lost. Belongs to one event loop.
 */
public interface AdminLink {

  /**
   * Sends {@code request}. Never throws, never blocks; calls back exactly once, on the calling
   * event loop, possibly before it returns.
   */
  void send(Request request, ReplyCallback callback);

  /**
   * Which incarnation of the server it leads to: its {@code run_id}; known with the first reply.
   */
  String runId();

  /** Closes it; what is in flight ends as unknown. */
  void close();
}
