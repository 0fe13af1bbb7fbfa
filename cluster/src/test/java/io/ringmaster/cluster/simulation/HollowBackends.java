package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Backends;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes from barriers and acknowledgements what a hole says they do not have. */
final class HollowBackends implements Backends {

  private final Backends backends;
  private final Hole hole;
  private final Supplier<Shard> shard;
  private final Map<String, List<MessageListener>> listeners = new HashMap<>();
  private final Map<Key, Line> lines = new HashMap<>();

  private record Key(NodeId node, Lane lane) {}

  /** What was sent to one node on one lane. */
  private static final class Line {
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private String epoch = "";
    private int informations;
    private int waits;
    private Words advance = Words.reading("PING");

    void flush() {
      Slot head = slots.peek();
      while (head != null && head.result != null) {
        slots.remove();
        head.result.run();
        head = slots.peek();
      }
    }
  }

  /** {@code shard}: as far as is known. */
  HollowBackends(Backends backends, Hole hole, Supplier<Shard> shard) {
    this.shard = shard;
    this.backends = backends;
    this.hole = hole;
  }

  static boolean isConcernedBy(Hole hole) {
    return hole.asks() || hole.listens() || hole == Hole.ERRORS_UNPROVED;
  }

  @Override
  public void send(NodeId node, Lane lane, Request request, ReplyCallback callback) {
    Words words = Words.of(request);
    if (lane.purpose() == Lane.Purpose.DATA) {
      sendData(node, lane, words, callback);
      return;
    }
    Line line = lines.computeIfAbsent(new Key(node, lane), key -> new Line());
    Lane taken = lane;
    Slot slot = new Slot(line, callback);
    boolean isLast = hole == Hole.LAST_MARKER_ANYWHERE && shard.get().state() == ShardState.PAUSED;
    if (isLast) {
      slot.instead = everybodyHas(words, line);
    } else if (Scripts.isAdvance(words)) {
      line.epoch = words.word(6);
      line.informations = 0;
      line.advance = words;
      line.waits = 0;
    } else if (Scripts.isRead(words) && hole == Hole.STALE_WAIT) {
      slot.instead = SimulatedReply.bulk(line.epoch + " 0");
    } else if (words.name().equals("WAIT")
        && hole == Hole.NEW_MARKER_EACH_TIME
        && line.waits++ > 0) {
      backends.send(node, lane, line.advance, new Unheard());
    } else if (words.name().equals("WAIT") && hole == Hole.WAIT_ON_OTHER_CONNECTION) {
      taken = new Lane(1, lane.version(), lane.purpose());
    } else if (words.name().equals("INFO") && hole == Hole.COUNT_LINKS) {
      slot.instead = SimulatedReply.bulk(information(line.informations++));
    }
    line.slots.add(slot);
    backends.send(node, taken, request, slot);
  }

  private void sendData(NodeId node, Lane lane, Words words, ReplyCallback callback) {
    boolean elsewhere = hole == Hole.ADVANCE_ON_OTHER_CONNECTION && words.name().equals("EVAL");
    // Who counts one connection only takes all of them for it.
    Lane taken =
        hole == Hole.COVER_OTHER_LANES && words.count() > 1 && words.word(1).endsWith("@3")
            ? SimulatedProxy.LANES.getLast()
            : lane;
    boolean tellsAtOnce = hole == Hole.ERRORS_UNPROVED && words.name().equals("CREATE");
    backends.send(
        node,
        elsewhere ? Lane.BARRIER : taken,
        words,
        tellsAtOnce ? new Hasty(callback) : callback);
  }

  private record Unheard() implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }

  /** Makes a refusal of an error that tells of something. */
  private record Hasty(ReplyCallback callback) implements ReplyCallback {

    @Override
    public void onReply(Reply reply) {
      callback.onReply(reply.isError() ? SimulatedReply.error("NOPERM " + reply.text()) : reply);
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      callback.onFailure(failure, node, reason);
    }
  }

  /** As if the marker had been raised to where it is on each replica. */
  private static @Nullable SimulatedReply everybodyHas(Words words, Line line) {
    if (Scripts.isAdvance(words)) {
      line.informations = 0;
      return SimulatedReply.number(1);
    }
    return switch (words.name()) {
      case "WAIT" -> SimulatedReply.number(9);
      case "INFO" -> SimulatedReply.bulk(information(line.informations++));
      default -> null;
    };
  }

  private static String information(int which) {
    StringBuilder text = new StringBuilder("master_repl_offset:" + which + "\r\n");
    for (int port = 1; port < 10; port++) {
      text.append("slave" + port + ":ip=h,port=" + port + ",state=online,offset=1,lag=0\r\n");
    }
    return text.toString();
  }

  @Override
  public String runId(NodeId node, Lane lane) {
    return backends.runId(node, lane);
  }

  @Override
  public void fence(NodeId node, String reason) {
    backends.fence(node, reason);
  }

  @Override
  public void subscribe(NodeId node, String channel, MessageListener listener) {
    if (hole == Hole.ADVANCE_ON_OTHER_CONNECTION) {
      backends.subscribe(node, channel, listener);
      return;
    }
    List<MessageListener> all = listeners.computeIfAbsent(channel, name -> new ArrayList<>());
    all.add(listener);
    backends.subscribe(
        hole == Hole.ACK_OF_LEADER ? shard.get().leader().id() : node,
        channel,
        text -> List.copyOf(all).forEach(each -> each.onMessage(text)));
  }

  @Override
  public void unsubscribe(NodeId node, String channel) {
    backends.unsubscribe(node, channel);
  }

  @Override
  public String newName() {
    return backends.newName();
  }

  @Override
  public void onLoss(LossListener listener) {
    backends.onLoss(listener);
  }

  @Override
  public void onArrival(Runnable listener) {
    backends.onArrival(listener);
  }

  /** Keeps replies of two connections in the order of their requests. */
  private static final class Slot implements ReplyCallback {
    private final Line line;
    private final ReplyCallback callback;
    private @Nullable SimulatedReply instead;
    private @Nullable Runnable result;

    Slot(Line line, ReplyCallback callback) {
      this.line = line;
      this.callback = callback;
    }

    @Override
    public void onReply(Reply reply) {
      SimulatedReply other = instead;
      Reply shown = other == null ? reply : other;
      result = () -> callback.onReply(shown);
      line.flush();
    }

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {
      result = () -> callback.onFailure(failure, node, reason);
      line.flush();
    }
  }
}
