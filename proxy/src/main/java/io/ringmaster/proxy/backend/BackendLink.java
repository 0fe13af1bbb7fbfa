package io.ringmaster.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.codec.ProtocolException;
import io.ringmaster.protocol.codec.ReplyDecoder;
import io.ringmaster.protocol.codec.ReplyFrame;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.failure.NetworkFailures;
import io.ringmaster.proxy.loop.Cumulation;
import io.ringmaster.proxy.loop.DataLoop;
import io.ringmaster.proxy.loop.Output;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP connection of a {@link BackendConnection}, from connecting to its end. */
final class BackendLink extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(BackendLink.class);

  /** Between two and three tenths of a second; few commands take that long. */
  private static final int SILENT_TICKS = 2;

  private final BackendConnection connection;
  private final BackendConnection.Owner owner;
  private final NodeId node;
  private final Lane lane;
  private final DataLoop loop;
  private final BackendSettings settings;
  private final Logins logins;
  private final CallbackQueue waiting = new CallbackQueue();
  private final ReplyDecoder decoder;
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
  private boolean ready;

  /** A link of {@code connection}, by which {@code owner} is told what happens to it. */
  BackendLink(
      BackendConnection connection,
      BackendConnection.Owner owner,
      NodeId node,
      Lane lane,
      BackendConnection.Means means) {
    this.connection = connection;
    this.owner = owner;
    this.node = node;
    this.lane = lane;
    this.loop = means.loop();
    this.settings = means.settings();
    this.logins = means.logins();
    this.decoder = new ReplyDecoder(loop.memory());
  }

  void start(Channel opened) {
    channel = opened;
    cumulation = new Cumulation(loop);
    output = new Output(opened, loop, false);
  }

  void send(RequestFrame request, ReplyCallback callback) {
    Output out = output;
    if (failed || out == null) {
      connection.fail(callback, BackendFailure.NOT_SENT, connection.lastFailure());
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
    } catch (Throwable fault) {
      loop.faults().caught("a write to " + node, fault);
      fail("a request to it could not be written");
      connection.fail(callback, BackendFailure.NOT_SENT, connection.lastFailure());
      return;
    }
    try {
      look(out);
    } catch (Throwable fault) {
      loop.faults().caught("a listener to the room of " + node, fault);
    }
  }

  /** There is room again below a half of the limits, so that it does not flutter. */
  private void look(Output out) {
    if (lane.isLent()) {
      // Nobody waits for it: one large request fills it.
      return;
    }
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
    handshake = new Handshake(logins.login(node, lane.purpose()), lane, connection.leftovers());
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
      lookForLarge();
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

  private void lookForLarge() {
    if (!failed && decoder.announced() >= settings.large().from()) {
      owner.obstructed(node, lane);
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
    } else if (!ready) {
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
    if (!ready || waiting.size() == 0) {
      throw new ProtocolException("unexpected reply of more than 2 GB");
    }
    String reason = skipReason.isEmpty() ? "its reply is larger than 2 GB" : skipReason;
    skipReason = "";
    connection.fail(waiting.remove(), BackendFailure.OUTCOME_UNKNOWN, reason);
  }

  private void answer(ReplyCallback callback, ReplyFrame reply) {
    try {
      callback.onReply(reply);
    } catch (Throwable fault) {
      loop.faults().caught("a reply of " + node, fault);
      connection.fail(callback, BackendFailure.OUTCOME_UNKNOWN, "its reply could not be handled");
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
      case DONE -> done(step);
      case REFUSED -> fail(step.refusal());
    }
  }

  private void done(Handshake step) {
    connection.leftovers().ended(step.ended());
    String run = step.remoteClient().runId();
    connection.leftovers().endedBefore(run);
    if (!logins.admits(node, lane.purpose(), run)) {
      fail("it was restarted and is not admitted yet");
      return;
    }
    ready = true;
    connection.ready(run);
    Output out = output;
    if (out != null) {
      out.open();
    }
  }

  /** Whether it carries as much as it should. */
  boolean isFull() {
    return full;
  }

  /** Requests that are not answered. */
  int inFlight() {
    return waiting.size();
  }

  /** Whether an answer has been owed for a while in which nothing came. */
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
    lookForLarge();
    boolean expects = waiting.size() > 0 || !ready;
    silentTicks = expects && !moved ? silentTicks + 1 : 0;
    moved = false;
    long limit = !ready ? settings.connectTimeout().toMillis() : settings.replyTimeout().toMillis();
    // The first of the ticks may come right behind the request.
    if ((silentTicks - 1L) * BackendPool.TICK_MILLIS >= limit) {
      fail("no reply within " + limit + " ms");
    }
  }

  /**
   * What its socket takes at once says nothing of the server, which may stand still. What goes out
   * of the socket later does: the server has made room for it.
   */
  private void lookForMovement(Output out) {
    long sent = out.sentBytes();
    if (sent > sentBytes) {
      moved |= unsentBytes > 0;
    } else if (waiting.size() > 0 && !moved) {
      moved = out.wasSentSomething(BackendPool.TICK_MILLIS / 2);
    }
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
    boolean wasReady = ready;
    Handshake step = handshake;
    if (wasReady && step != null && waiting.size() > 0) {
      connection.leftovers().add(step.remoteClient());
    }
    String what = "the end of a connection to " + node;
    loop.faults().guard(what, () -> connection.ended(reason, answered));
    loop.faults().guard(what, this::close);
    loop.faults().guard(what, () -> full(false));
    if (wasReady) {
      owner.lost(node, lane, reason);
    }
    BackendFailure failure = wasReady ? BackendFailure.OUTCOME_UNKNOWN : BackendFailure.NOT_SENT;
    while (waiting.size() > 0) {
      connection.fail(waiting.remove(), failure, reason);
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
