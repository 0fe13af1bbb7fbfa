package io.ringmaster.proxy.backend;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.util.NetUtil;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.loop.DataLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one loop to one node on one lane. It is opened when it is needed, and requests
 * wait until it is ready. One that was lost although the server had answered on it is opened again
 * without a pause; if that fails, or it was of no use before, with growing pauses in between. While
 * it pauses, requests fail at once as not sent.
 *
 * <pre>
 *   IDLE ──send──► CONNECTING ──handshake done──► READY
 *    ▲ ▲               │ refused                    │ │
 *    │ └─pause over─ PAUSED ◄──lost, but never used─┘ │
 *    └─────────────────────────lost, after an answer──┘
 * </pre>
 */
final class BackendConnection {

  private static final Logger LOG = LoggerFactory.getLogger(BackendConnection.class);

  /** Hears of what happens to it, on its loop. */
  interface Owner {

    /**
     * Something has arrived, and will be handled now. When this throws nobody knows what it is
     * worth, and the connection ends.
     */
    void arrived();

    /** Whether {@code reply} is no reply, but a message of a channel. */
    boolean told(NodeId node, Reply reply);

    /**
     * Tells whether the connection carries as much as it should, so that nothing more should be
     * sent on it by choice.
     */
    void crowded(boolean nowFull);

    /** A large reply is on its way on it; told again and again until it is there. */
    void obstructed(NodeId node, Lane lane);

    /** Tells that a connection that was in use is gone, before the requests in flight are told. */
    void lost(NodeId node, Lane lane, String reason);
  }

  /**
   * The means that the connections of a loop share.
   *
   * @param bootstrap how they are made
   */
  record Means(
      DataLoop loop,
      Bootstrap bootstrap,
      BackendSettings settings,
      Logins logins,
      BackendCounters counters) {}

  private enum State {
    IDLE,
    CONNECTING,
    READY,
    PAUSED,
    CLOSED
  }

  private final Owner owner;
  private final NodeId node;
  private final Lane lane;
  private final Leftovers leftovers;
  private final Means means;
  private final DataLoop loop;
  private State state = State.IDLE;
  private boolean closed;
  private @Nullable BackendLink link;
  private long pauseMillis;
  // Since the last one with a request in flight.
  private int idleTicks;
  private String lastFailure = "never connected";
  private String runId = "";

  /** {@code leftovers} of this connection and of others on which its requests may go instead. */
  BackendConnection(Owner owner, NodeId node, Lane lane, Leftovers leftovers, Means means) {
    this.owner = owner;
    this.node = node;
    this.lane = lane;
    this.leftovers = leftovers;
    this.means = means;
    this.loop = means.loop();
  }

  boolean serves(NodeId wantedNode, Lane wantedLane) {
    return wantedLane.equals(lane) && wantedNode.equals(node);
  }

  void send(Request request, ReplyCallback callback) {
    if (request instanceof RequestFrame frame) {
      send(frame, callback);
    } else {
      sendEncoded(request, callback);
    }
  }

  private void sendEncoded(Request request, ReplyCallback callback) {
    RequestFrame frame;
    try {
      frame = RequestEncoder.encode(loop.allocator(), request);
    } catch (Throwable fault) {
      loop.faults().caught("a request to " + node, fault);
      fail(callback, BackendFailure.NOT_SENT, "it could not be encoded");
      return;
    }
    try {
      send(frame, callback);
    } finally {
      frame.buffer().release();
    }
  }

  private void send(RequestFrame request, ReplyCallback callback) {
    idleTicks = 0;
    if (state == State.IDLE) {
      connect();
    }
    BackendLink current = link;
    if (current == null) {
      fail(callback, BackendFailure.NOT_SENT, lastFailure);
    } else {
      current.send(request, callback);
    }
  }

  /** Tells one callback; a throwable of it does not concern the others. */
  void fail(ReplyCallback callback, BackendFailure failure, String reason) {
    try {
      callback.onFailure(failure, node, reason);
    } catch (Throwable fault) {
      loop.faults().caught("the failure of a request to " + node, fault);
    }
  }

  NodeId node() {
    return node;
  }

  Lane lane() {
    return lane;
  }

  /** Whether it is shared by clients. */
  boolean isForClients() {
    return lane.purpose() == Lane.Purpose.DATA && !lane.isLent();
  }

  /** Whether it is lent to large requests, and there has been none for a while. */
  boolean isDisused() {
    long idleMillis = means.settings().large().idle().toMillis();
    return lane.isLent() && idleTicks * (long) BackendPool.TICK_MILLIS >= idleMillis;
  }

  /** Whether it carries as much as it should; what is sent all the same is added. */
  boolean isFull() {
    BackendLink current = link;
    return current != null && current.isFull();
  }

  /** Whether requests can be sent, and are answered; opens the connection unless it pauses. */
  boolean reach() {
    if (state == State.IDLE) {
      connect();
    }
    return state == State.READY && !isSilent();
  }

  /** Whether an answer has been owed for a while in which nothing came. */
  boolean isSilent() {
    BackendLink current = link;
    return state == State.READY && current != null && current.isSilent();
  }

  /** Whether an answer is waited for that somebody needs. */
  boolean isBusy() {
    return lane.purpose() != Lane.Purpose.LISTEN && inFlight() > 0;
  }

  /** Requests that are not answered. */
  int inFlight() {
    BackendLink current = link;
    return current == null ? 0 : current.inFlight();
  }

  /** Whether somebody waits for an answer, or for the connection. */
  boolean isAwaited() {
    return state == State.CONNECTING || state == State.PAUSED || isBusy();
  }

  /** The server's run, while it is connected. */
  String runId() {
    return state == State.READY ? runId : "";
  }

  /** Closes the connection; the next request opens a new one. */
  void reset(String reason) {
    BackendLink current = link;
    if (current != null) {
      current.fail(reason);
    }
  }

  /** Looks after silent connections; called every tenth of a second. */
  void watch() {
    idleTicks = isBusy() ? 0 : idleTicks + 1;
    BackendLink current = link;
    if (current != null) {
      current.watch();
    }
  }

  void close(String reason) {
    closed = true;
    reset(reason);
    state = State.CLOSED;
  }

  private void connect() {
    state = State.CONNECTING;
    BackendLink fresh = new BackendLink(this, owner, node, lane, means);
    link = fresh;
    try {
      ChannelFuture connecting = means.bootstrap().clone().handler(fresh).connect(address(node));
      fresh.start(connecting.channel());
      connecting.addListener(
          done -> {
            if (!done.isSuccess()) {
              fresh.fail(NetworkFailures.reason(done.cause()));
            }
          });
    } catch (Throwable fault) {
      loop.faults().caught("connecting to " + node, fault);
      fresh.fail(NetworkFailures.reason(fault));
    }
  }

  private static InetSocketAddress address(NodeId node) {
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(node.host());
    return literal == null
        ? InetSocketAddress.createUnresolved(node.host(), node.port())
        : new InetSocketAddress(literal, node.port());
  }

  /** Returns the reason why it was lost, or could not be opened, the last time. */
  String lastFailure() {
    return lastFailure;
  }

  /** Returns the connections that a link has to end first, in the server. */
  Leftovers leftovers() {
    return leftovers;
  }

  /**
   * Other connections were lost. What they have left is ended before anything that is sent here
   * from now on; a link that is not ready sees to that by itself.
   */
  void end(List<RemoteClient> left) {
    for (RemoteClient lost : left) {
      if (state == State.READY && lost.runId().equals(runId)) {
        send(OwnRequest.writing("CLIENT", "KILL", "ID", "" + lost.clientId()), new Ending(lost));
      }
    }
  }

  private final class Ending implements ReplyCallback {
    private final RemoteClient lost;

    Ending(RemoteClient lost) {
      this.lost = lost;
    }

    @Override
    public void onReply(Reply reply) {
      if (reply.isError()) {
        reset("it does not end a lost connection: " + reply.firstLine());
      } else {
        leftovers.ended(List.of(lost));
      }
    }

    /** The next link tries again. */
    @Override
    public void onFailure(BackendFailure failure, NodeId failed, String reason) {}
  }

  /** Its link can be used, and leads to {@code run} of the server. */
  void ready(String run) {
    state = State.READY;
    runId = run;
    pauseMillis = 0;
    means.counters().backendOpened();
  }

  /** Its link is gone; {@code wasUseful} if it had brought an answer. */
  void ended(String reason, boolean wasUseful) {
    if (state == State.READY && !closed) {
      means.counters().backendLost();
    }
    link = null;
    lastFailure = reason;
    LOG.debug("connection to {} on {}: {}", node, lane, reason);
    if (closed) {
      // Whoever hears of the loss may ask for the connection.
      state = State.CLOSED;
    } else if (wasUseful) {
      state = State.IDLE;
    } else {
      pause();
    }
  }

  private void pause() {
    state = State.PAUSED;
    pauseMillis =
        Math.clamp(
            2 * pauseMillis,
            means.settings().reconnectMin().toMillis(),
            means.settings().reconnectMax().toMillis());
    long jittered = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
    loop.schedule(jittered, this::endPause);
  }

  /** The next request opens the connection again. */
  void endPause() {
    if (state == State.PAUSED) {
      state = State.IDLE;
    }
  }
}
