package io.ringmaster.proxy.backend;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.NetUtil;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import io.ringmaster.protocol.codec.ProtocolException;
import io.ringmaster.protocol.codec.ReplyDecoder;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.RequestEncoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.loop.Cumulation;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

  /** Between two and three tenths of a second; few commands take that long. */
  private static final int SILENT_TICKS = 2;

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
     * It carries as much as it should, so that nothing more should be sent on it by choice, or has
     * room again.
     */
    void crowded(boolean nowFull);

    /** It was in use, and is gone; told before the requests in flight are. */
    void lost(NodeId node, String reason);
  }

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
  private final DataLoop loop;
  private final Bootstrap bootstrap;
  private final BackendSettings settings;
  private final Logins logins;
  private final BackendCounters counters;
  private State state = State.IDLE;
  private boolean closed;
  private @Nullable Link link;
  private long pauseMillis;
  private String lastFailure = "never connected";
  private String runId = "";
  // What is left of the last lost connection: its requests may still be waiting in the server.
  private @Nullable Incarnation lost;

  BackendConnection(
      Owner owner,
      NodeId node,
      Lane lane,
      DataLoop loop,
      Bootstrap bootstrap,
      BackendSettings settings,
      Logins logins,
      BackendCounters counters) {
    this.owner = owner;
    this.node = node;
    this.lane = lane;
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.settings = settings;
    this.logins = logins;
    this.counters = counters;
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
    if (state == State.IDLE) {
      connect();
    }
    Link current = link;
    if (current == null) {
      fail(callback, BackendFailure.NOT_SENT, lastFailure);
    } else {
      current.send(request, callback);
    }
  }

  /** What one callback throws does not concern the others. */
  private void fail(ReplyCallback callback, BackendFailure failure, String reason) {
    try {
      callback.onFailure(failure, node, reason);
    } catch (Throwable fault) {
      loop.faults().caught("the failure of a request to " + node, fault);
    }
  }

  NodeId node() {
    return node;
  }

  boolean isForClients() {
    return lane.purpose() == Lane.Purpose.DATA;
  }

  /** Whether it carries as much as it should; what is sent all the same is added. */
  boolean isFull() {
    Link current = link;
    return current != null && current.full;
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
    Link current = link;
    return state == State.READY && current != null && current.isSilent();
  }

  /** Whether an answer is waited for that somebody needs. */
  boolean isBusy() {
    Link current = link;
    return lane.purpose() != Lane.Purpose.LISTEN && current != null && current.waiting.size() > 0;
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
    Link current = link;
    if (current != null) {
      current.fail(reason);
    }
  }

  /** Looks after silent connections; called every tenth of a second. */
  void watch() {
    Link current = link;
    if (current != null) {
      current.watch();
    }
  }

  void close() {
    closed = true;
    reset("this proxy is stopping");
    state = State.CLOSED;
  }

  private void connect() {
    state = State.CONNECTING;
    Link fresh = new Link();
    link = fresh;
    try {
      ChannelFuture connecting = bootstrap.clone().handler(fresh).connect(address(node));
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

  private void ready(String run) {
    state = State.READY;
    runId = run;
    pauseMillis = 0;
    lost = null;
    counters.backendOpened();
  }

  private void ended(String reason, boolean wasUseful) {
    if (state == State.READY) {
      counters.backendLost();
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
            settings.reconnectMin().toMillis(),
            settings.reconnectMax().toMillis());
    long jittered = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
    loop.schedule(jittered, this::endPause);
  }

  /** The next request opens the connection again. */
  void endPause() {
    if (state == State.PAUSED) {
      state = State.IDLE;
    }
  }

  /** One TCP connection, from connecting to its end. */
  private final class Link extends ChannelInboundHandlerAdapter {

    private final CallbackQueue waiting = new CallbackQueue();
    private final ReplyDecoder decoder = new ReplyDecoder(loop.memory());
    private @Nullable Cumulation cumulation;
    private @Nullable Channel channel;
    private @Nullable Output output;
    private @Nullable Handshake handshake;
    private String skipReason = "";
    private boolean full;
    private boolean answered;
    private boolean failed;
    // Bytes have come, or the server has taken some that waited for it, since the last tick.
    private boolean moved;
    private long sentBytes;
    private long unsentBytes;
    private int silentTicks;

    void start(Channel opened) {
      channel = opened;
      cumulation = new Cumulation(loop);
      output = new Output(opened, loop, false);
    }

    void send(RequestFrame request, ReplyCallback callback) {
      Output out = output;
      if (failed || out == null) {
        BackendConnection.this.fail(callback, BackendFailure.NOT_SENT, lastFailure);
      } else {
        write(out, request, callback);
      }
    }

    /**
     * Nothing of a request that could not be written whole goes out, as the link ends before it is
     * flushed.
     */
    private void write(Output out, RequestFrame request, ReplyCallback callback) {
      try {
        out.write(request.buffer(), request.start(), request.frameLength());
        waiting.add(callback);
        look(out);
      } catch (Throwable fault) {
        loop.faults().caught("a write to " + node, fault);
        fail("a request to it could not be written");
        BackendConnection.this.fail(callback, BackendFailure.NOT_SENT, lastFailure);
      }
    }

    /** There is room again below a half of the limits, so that it does not flutter. */
    private void look(Output out) {
      int commands = full ? settings.queueCommands() / 2 : settings.queueCommands() - 1;
      long bytes = full ? settings.queueBytes() / 2 : settings.queueBytes();
      full(waiting.size() > commands || out.pendingBytes() > bytes);
    }

    private void full(boolean now) {
      if (now != full) {
        full = now;
        owner.crowded(now);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      handshake = new Handshake(logins.login(node, lane.purpose()), lane, lost);
      context.writeAndFlush(handshake.first(context.alloc()));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Cumulation kept = cumulation;
      if (failed || kept == null) {
        ((ByteBuf) message).release();
        return;
      }
      moved = true;
      try {
        read(context, kept, kept.append((ByteBuf) message));
        if (!failed && !kept.reserve(decoder.announced())) {
          skip(context, kept);
        }
      } catch (ProtocolException broken) {
        LOG.warn("{} broke the protocol: {}", node, broken.getMessage());
        fail("it broke the protocol: " + broken.getMessage());
      } catch (Throwable fault) {
        loop.faults().caught("a read from " + node, fault);
        fail("its replies could not be read");
      } finally {
        if (failed) {
          kept.release();
        }
      }
    }

    private void read(ChannelHandlerContext context, Cumulation kept, ByteBuf in) {
      try {
        owner.arrived();
        ReplyFrame reply = decoder.decode(in);
        while (reply != null && !failed) {
          onReply(context, reply);
          reply = decoder.decode(in);
        }
      } finally {
        kept.keep(in);
      }
    }

    /** There is no memory for the reply that has begun. */
    private void skip(ChannelHandlerContext context, Cumulation kept) {
      loop.memory().want(decoder.announced());
      skipReason = "there is no memory for its reply of " + decoder.announced() + " bytes";
      decoder.skip();
      ByteBuf in = kept.take();
      if (in != null) {
        read(context, kept, in);
      }
      kept.reserve(0);
    }

    private void onReply(ChannelHandlerContext context, ReplyFrame reply) {
      if (reply == ReplyFrame.SKIPPED) {
        onSkipped();
      } else if (state == State.CONNECTING) {
        onHandshakeReply(context, reply);
      } else if (lane.purpose() != Lane.Purpose.LISTEN || !owner.told(node, reply)) {
        onAnswer(reply);
      }
    }

    private void onAnswer(ReplyFrame reply) {
      // What subscribes is answered by a push.
      boolean pushed = reply.type() == '>' && lane.purpose() != Lane.Purpose.LISTEN;
      if (pushed || waiting.size() == 0) {
        throw new ProtocolException("unexpected reply " + (char) reply.type());
      }
      answered = true;
      answer(waiting.remove(), reply);
      Output out = output;
      if (full && out != null) {
        look(out);
      }
    }

    /** The request has been executed, but nobody will know with which result. */
    private void onSkipped() {
      if (state == State.CONNECTING || waiting.size() == 0) {
        throw new ProtocolException("unexpected reply of more than 2 GB");
      }
      String reason = skipReason.isEmpty() ? "its reply is larger than 2 GB" : skipReason;
      skipReason = "";
      BackendConnection.this.fail(waiting.remove(), BackendFailure.OUTCOME_UNKNOWN, reason);
    }

    private void answer(ReplyCallback callback, ReplyFrame reply) {
      try {
        callback.onReply(reply);
      } catch (Throwable fault) {
        loop.faults().caught("a reply of " + node, fault);
        BackendConnection.this.fail(
            callback, BackendFailure.OUTCOME_UNKNOWN, "its reply could not be handled");
      }
    }

    private void onHandshakeReply(ChannelHandlerContext context, ReplyFrame reply) {
      Handshake step = handshake;
      if (step == null) {
        throw new ProtocolException("reply before any request");
      }
      switch (step.onReply(reply)) {
        case MORE -> {}
        case SEND -> context.writeAndFlush(step.second(context.alloc()));
        case DONE -> done(step.incarnation().runId());
        case REFUSED -> fail(step.refusal());
      }
    }

    private void done(String run) {
      if (!logins.admits(node, lane.purpose(), run)) {
        fail("it was restarted and is not admitted yet");
        return;
      }
      ready(run);
      Output out = output;
      if (out != null) {
        out.open();
      }
    }

    boolean isSilent() {
      return silentTicks > SILENT_TICKS && !moved;
    }

    void watch() {
      Output out = output;
      if (out != null) {
        out.recount();
        look(out);
        lookForMovement(out);
      }
      boolean expects = waiting.size() > 0 || state == State.CONNECTING;
      silentTicks = expects && !moved ? silentTicks + 1 : 0;
      moved = false;
      long limit =
          state == State.CONNECTING
              ? settings.connectTimeout().toMillis()
              : settings.replyTimeout().toMillis();
      // The first of the ticks may come right behind the request.
      if ((silentTicks - 1L) * BackendPool.TICK_MILLIS >= limit) {
        fail("no reply within " + limit + " ms");
      }
    }

    /** What its socket takes at once says nothing of the server, which may stand still. */
    private void lookForMovement(Output out) {
      long sent = out.sentBytes();
      moved |= unsentBytes > 0 && sent > sentBytes;
      sentBytes = sent;
      unsentBytes = out.unsentBytes();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail("connection lost");
      Cumulation kept = cumulation;
      if (kept != null) {
        kept.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof IOException)) {
        loop.faults().caught("the connection to " + node, cause);
      }
      fail(NetworkFailures.reason(cause));
    }

    /**
     * Ends this link: requests that may have reached the server end as unknown, all others as not
     * sent.
     */
    void fail(String reason) {
      if (failed) {
        return;
      }
      failed = true;
      boolean wasReady = state == State.READY;
      Handshake step = handshake;
      if (wasReady && step != null && waiting.size() > 0) {
        lost = step.incarnation();
      }
      String what = "the end of a connection to " + node;
      loop.faults().guard(what, () -> ended(reason, answered));
      loop.faults().guard(what, this::close);
      loop.faults().guard(what, () -> full(false));
      if (wasReady) {
        owner.lost(node, reason);
      }
      BackendFailure failure = wasReady ? BackendFailure.OUTCOME_UNKNOWN : BackendFailure.NOT_SENT;
      while (waiting.size() > 0) {
        BackendConnection.this.fail(waiting.remove(), failure, reason);
      }
    }

    private void close() {
      Channel opened = channel;
      if (opened != null) {
        opened.close();
      }
      Output out = output;
      if (out != null) {
        out.discard();
      }
    }
  }
}
