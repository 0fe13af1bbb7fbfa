package io.ringmaster.cluster.spi;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Request;

/**
 * Sends requests to Redis servers. Requests to one node on one lane are executed in the order of
 * the calls.
 */
public interface Backends {

  /**
   * Sends {@code request} to {@code node}. Never throws, never blocks; calls back exactly once, on
   * the calling event loop, possibly before it returns.
   */
  void send(NodeId node, Lane lane, Request request, ReplyCallback callback);
}
