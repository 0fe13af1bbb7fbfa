package io.ringmaster.proxy.backend;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends.MessageListener;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.proxy.loop.Faults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The listeners to the messages of each node. Whether a server has agreed to a subscription shows
 * in what one hears of it, so nobody looks at its answers. Belongs to one event loop.
 */
final class Subscriptions implements ReplyCallback {

  private record Channel(NodeId node, String name) {}

  private final Map<Channel, MessageListener> listeners = new HashMap<>();

  void add(NodeId node, String channel, MessageListener listener) {
    listeners.put(new Channel(node, channel), listener);
  }

  /** Whether there was such a subscription. */
  boolean remove(NodeId node, String channel) {
    return listeners.remove(new Channel(node, channel)) != null;
  }

  /** Passes {@code reply} on if it is a message; false if it answers a request. */
  boolean told(NodeId node, Reply reply, Faults faults) {
    List<Reply> words = reply.elements();
    if (words.size() != 3 || !words.getFirst().text().equals("message")) {
      return false;
    }
    MessageListener listener = listeners.get(new Channel(node, words.get(1).text()));
    if (listener != null) {
      String text = words.getLast().text();
      faults.guard("a listener to messages", () -> listener.onMessage(text));
    }
    return true;
  }

  @Override
  public void onReply(Reply reply) {}

  @Override
  public void onFailure(BackendFailure failure, NodeId node, String reason) {}
}
