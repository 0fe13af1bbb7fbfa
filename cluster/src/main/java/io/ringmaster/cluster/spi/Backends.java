package io.ringmaster.cluster.spi;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Request;

/**
 * Sends requests to Redis servers. Requests to one node on one lane are executed in the order of
 * the calls. Belongs to one event loop.
 */
public interface Backends {

  /**
   * Sends {@code request} to {@code node}. Never throws, never blocks; calls back exactly once, on
   * the calling event loop, possibly before it returns.
   */
  void send(NodeId node, Lane lane, Request request, ReplyCallback callback);

  /**
   * The lane that requests to {@code node} take now instead of {@code lane}, from which it differs
   * in its number at most: one on which no large reply is in their way, if there is any. One that
   * is lent stays as it is.
   */
  default Lane passable(NodeId node, Lane lane) {
    return lane.isLent() ? lane : lane.shared();
  }

  /**
   * Which incarnation of the server the lane's connection leads to: its {@code run_id}; empty while
   * there is no connection.
   */
  String runId(NodeId node, Lane lane);

  /**
   * Closes all connections to {@code node}: requests in flight end as unknown, and none of them
   * will be executed behind what is sent on the next connection.
   */
  void fence(NodeId node, String reason);

  /**
   * {@code listener} is told, on the calling event loop, of what {@code node} passes on in {@code
   * channel}, from soon on. What is missed while a connection is lost stays missed, and whoever
   * finds that out subscribes again.
   */
  void subscribe(NodeId node, String channel, MessageListener listener);

  /** A name that nobody has had, of any process, and that is hard to guess. */
  String newName();

  /** No more of that is told. */
  void unsubscribe(NodeId node, String channel);

  /**
   * {@code listener} is told of each connection that is lost, before the requests in flight are.
   */
  void onLoss(LossListener listener);

  /**
   * {@code listener} runs after each read from a connection, before the replies in it are handed
   * on.
   */
  void onArrival(Runnable listener);

  /** Hears of messages in a channel. */
  @FunctionalInterface
  interface MessageListener {
    /** {@code text} was published. */
    void onMessage(String text);
  }

  /** Hears of lost connections. */
  @FunctionalInterface
  interface LossListener {
    /** The connection to {@code node} on {@code lane}, which was in use, is gone. */
    void lost(NodeId node, Lane lane, String reason);
  }
}
