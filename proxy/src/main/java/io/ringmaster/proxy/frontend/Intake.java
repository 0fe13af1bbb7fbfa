package io.ringmaster.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.ringmaster.protocol.codec.ProtocolException;
import io.ringmaster.protocol.codec.RequestDecoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.codec.RequestLimits;
import io.ringmaster.proxy.loop.Cumulation;
import io.ringmaster.proxy.loop.MemoryAccount;
import java.io.IOException;

/**
 * Takes one client's requests in the order in which they come, and reads no more of them while the
 * next one has to wait. The states, and what leads from one to the other:
 *
 * <pre>
 *            no room for a request         the sink parks the client,
 *            or for its bytes              or takes a request only behind the replies
 *          ┌───────────────── READING ──────────────────┐
 *          │                     ▲                      │
 *          │                     │ all requests at      │
 *          │                     │ hand are handled     │
 *          ▼                     │                      ▼
 *   WAITING_FOR_ROOM ────────────┘     WAITING_FOR_REPLIES ◄──── PARKED
 *     ▲    │                             ▲         │     unparked
 *     │    └─────────────────────────────┘         │
 *     │      as from READING, or to PARKED         │
 *     └────────────────────────────────────────────┘
 *            all are answered: the request comes again
 * </pre>
 *
 * From each state the connection may come to its end; then no more requests are taken. A client
 * that sends nothing more ends once the requests at hand are handled, so in {@code READING} at
 * once. Belongs to the client's event loop, as all events of its channel do.
 */
final class Intake extends ChannelInboundHandlerAdapter {

  /** Why the next request is not taken. */
  private enum State {
    /** It has not arrived. Only in this state bytes are read from the socket. */
    READING,
    /** Too much is in flight or not taken by the client, or its bytes lack memory. */
    WAITING_FOR_ROOM,
    /** It has to come behind the replies to all earlier ones. */
    WAITING_FOR_REPLIES,
    /** It has to come behind those replies, and not before the client is unparked. */
    PARKED
  }

  private final ClientConnection client;
  private final Frontend frontend;
  private final Channel channel;
  private final ReplyQueue replies;
  private final MemoryAccount memory;
  private final Cumulation cumulation;
  private final RequestDecoder decoder;
  private State state = State.READING;
  private boolean resuming;
  // The client sends nothing more.
  private boolean ended;
  private long requests;
  private long receivedTotal;

  Intake(ClientConnection client, Channel channel, ReplyQueue replies, RequestLimits limits) {
    this.client = client;
    this.frontend = client.frontend();
    this.channel = channel;
    this.replies = replies;
    this.memory = frontend.loop().memory();
    this.cumulation = new Cumulation(frontend.loop());
    this.decoder = new RequestDecoder(limits);
  }

  /** Takes effect with the next length that is read. */
  void limits(RequestLimits limits) {
    decoder.limits(limits);
  }

  /** Requests seen since the beginning. */
  long requests() {
    return requests;
  }

  /** Bytes received since the beginning. */
  long receivedTotal() {
    return receivedTotal;
  }

  /** Bytes received that make no whole request yet. */
  int receivedBytes() {
    return cumulation.size();
  }

  /** Bytes that are kept or reserved. */
  long heldBytes() {
    return cumulation.counted();
  }

  /** Whether a request has begun and is not complete. */
  boolean isInsideRequest() {
    return !cumulation.isEmpty() && state == State.READING;
  }

  /** The memory without which a request cannot be received; 0 if none waits for any. */
  long wantedMemory() {
    if (state == State.READING || client.isClosing()) {
      return 0;
    }
    long wanted = decoder.announced() - cumulation.counted();
    return wanted > 0 && !memory.admits(decoder.announced(), cumulation.counted()) ? wanted : 0;
  }

  // What the channel reports.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf chunk = (ByteBuf) message;
    frontend.counters().received(chunk.readableBytes());
    receivedTotal += chunk.readableBytes();
    if (client.isClosing()) {
      chunk.release();
      return;
    }
    try {
      ByteBuf in = cumulation.append(chunk);
      if (state == State.READING) {
        take(in);
      } else {
        // The channel may hand over once more what it had begun to read.
        cumulation.keep(in);
      }
    } catch (Throwable fault) {
      client.failed(fault);
    }
  }

  /** The client sends nothing more; what it has sent is answered, as a server does. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      ended = true;
      if (state == State.READING) {
        client.closeAfterReplies();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    client.watch();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    client.disconnected();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      client.abort();
    } else {
      client.failed(cause);
    }
  }

  // Requests.

  private void take(ByteBuf in) {
    State next = State.READING;
    try {
      next = handleAll(in);
    } catch (ProtocolException broken) {
      refuse(broken);
    } finally {
      cumulation.keep(in);
    }
    if (ended && next == State.READING) {
      client.closeAfterReplies();
    }
    if (client.isClosing()) {
      cumulation.release();
    } else if (next == State.READING && !cumulation.reserve(decoder.announced())) {
      // What a request will need is reserved before it is received.
      enter(State.WAITING_FOR_ROOM);
    } else {
      enter(next);
    }
  }

  /** Handles the requests in {@code in} up to one that has to wait. Returns the next state. */
  private State handleAll(ByteBuf in) {
    while (in.isReadable() && !client.isClosing()) {
      if (!replies.hasRoom()) {
        return State.WAITING_FOR_ROOM;
      }
      RequestFrame request = decoder.decode(in);
      if (request == null) {
        return State.READING;
      }
      requests++;
      noteBlank();
      if (!frontend.sink().accept(client, request)) {
        decoder.reset();
        return state == State.PARKED ? State.PARKED : State.WAITING_FOR_REPLIES;
      }
      decoder.consume(in);
    }
    return State.READING;
  }

  /** A request without a word is not answered in any case: it may be the one that is muted. */
  private void noteBlank() {
    if (decoder.skippedBlank()) {
      client.session().preferences().mutesRequest();
    }
  }

  private void refuse(ProtocolException broken) {
    noteBlank();
    client.open(0, true).fail("ERR Protocol error: " + broken.getMessage());
    client.closeAfterReplies();
  }

  private void enter(State next) {
    boolean wasReading = state == State.READING;
    boolean isReading = next == State.READING;
    state = next;
    if (isReading != wasReading) {
      channel.config().setAutoRead(isReading);
      if (!isReading) {
        frontend.counters().paused();
      }
    }
    resumeLater();
  }

  /** The request that is just being handled has to wait until {@link #unpark}. */
  void park() {
    enter(State.PARKED);
  }

  /** It comes again once all earlier ones are answered. */
  void unpark() {
    if (state == State.PARKED) {
      enter(State.WAITING_FOR_REPLIES);
    } else {
      resumeLater();
    }
  }

  private boolean mayGoOn() {
    return switch (state) {
      case READING, PARKED -> false;
      case WAITING_FOR_REPLIES -> replies.inFlight() == 0;
      case WAITING_FOR_ROOM -> replies.hasRoom() && cumulation.reserve(decoder.announced());
    };
  }

  /** If it may by now, goes on with the requests at hand after all events of this iteration. */
  void resumeLater() {
    if (state != State.READING && !resuming && !client.isClosed() && mayGoOn()) {
      resuming = true;
      frontend.loop().resumeLater(this::resume);
    }
  }

  private void resume() {
    resuming = false;
    if (client.isClosing() || !mayGoOn()) {
      return;
    }
    // Until the requests at hand are handled nothing is read.
    state = State.WAITING_FOR_ROOM;
    try {
      ByteBuf kept = cumulation.take();
      if (kept != null) {
        take(kept);
        return;
      }
      enter(State.READING);
      if (ended) {
        client.closeAfterReplies();
      }
    } catch (Throwable fault) {
      client.failed(fault);
    }
  }

  /** Drops what was received; the connection has ended. */
  void drop() {
    cumulation.release();
  }
}
