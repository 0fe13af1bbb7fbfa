package io.ringmaster.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.ringmaster.protocol.codec.ProtocolException;
import io.ringmaster.protocol.codec.RequestDecoder;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.codec.RequestLimits;
import io.ringmaster.proxy.frontend.Session.ReplyMode;
import io.ringmaster.proxy.loop.Addresses;
import io.ringmaster.proxy.loop.Cumulation;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.MemoryAccount;
import io.ringmaster.proxy.loop.Output;
import java.io.IOException;

/**
 * One client: takes its requests in the order they come, and answers in that order. It takes no
 * more of them while too much is in flight. Belongs to one event loop; so do all calls.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter {

  private static final byte[] OK = {'+', 'O', 'K', '\r', '\n'};

  private final Frontend frontend;
  private final Channel channel;
  private final Session session;
  private final RequestDecoder decoder;
  private final Cumulation cumulation;
  private final Output output;
  private final ReplyQueue replies;
  private final MemoryAccount memory;
  private final long createdMillis;
  private boolean paused;
  private boolean resuming;
  private boolean waitsForReplies;
  private boolean held;
  private boolean ended;
  private boolean closing;
  private boolean closed;
  private long requests;
  private long newSince;
  private long unreadWhenNew;
  private long receivedTotal;

  ClientConnection(Frontend frontend, Channel channel, Session session) {
    this.frontend = frontend;
    this.channel = channel;
    this.session = session;
    this.decoder = new RequestDecoder(requestLimits());
    this.memory = frontend.loop().memory();
    this.cumulation = new Cumulation(frontend.loop());
    this.output = new Output(channel, frontend.loop(), true);
    Window window =
        new Window(frontend.limits().commandsInFlight(), frontend.limits().bytesInFlight());
    this.replies = new ReplyQueue(output, memory, frontend.counters(), window);
    this.createdMillis = frontend.nowMillis();
    this.newSince = createdMillis;
  }

  // What handlers use.

  public Session session() {
    return session;
  }

  /**
   * Opens the place for the reply to a request of {@code requestBytes} bytes, behind all earlier
   * ones.
   */
  public PendingReply open(int requestBytes, boolean readOnly) {
    PendingReply place = new PendingReply(this, requestBytes, readOnly, muteNext());
    replies.add(place);
    return place;
  }

  /** A request was understood. */
  public void countRequest(RequestFrame request) {
    counters().request(request.isReadOnly(), request.frameLength());
  }

  /** Requests that are not answered yet. */
  public int inFlight() {
    return replies.inFlight();
  }

  /** Bytes of the oldest request that is not answered yet; 0 if there is none. */
  public int oldestRequestBytes() {
    return replies.oldestRequestBytes();
  }

  /** Its next request waits until {@link #release}. */
  public void hold() {
    held = true;
  }

  /** Goes on with its next request. */
  public void release() {
    held = false;
    resumeLater();
  }

  /** Takes no more requests and closes the connection when all earlier ones are answered. */
  public void closeAfterReplies() {
    closing = true;
    if (replies.isEmpty()) {
      closeNow();
    }
  }

  /** The client has logged in: its requests may be larger from now on. */
  public void loggedIn(User user) {
    session.user(user);
    decoder.limits(requestLimits());
  }

  /** The client begins anew, with what holds for one that was just accepted. */
  public void reset() {
    // Who has never logged in must not get more time, or room, by this again and again.
    if (session.isAuthenticated()) {
      newSince = frontend.nowMillis();
      unreadWhenNew = unreadBytes();
    }
    session.reset();
    decoder.limits(requestLimits());
  }

  private RequestLimits requestLimits() {
    return session.isAuthenticated()
        ? frontend.limits().requests()
        : frontend.limits().unauthenticated();
  }

  /** An empty buffer for a reply. */
  public ByteBuf allocate() {
    return channel.alloc().directBuffer();
  }

  public ByteBufAllocator allocator() {
    return channel.alloc();
  }

  /** What it shares with the other clients of its event loop. */
  public Frontend frontend() {
    return frontend;
  }

  /** Where the client is, as Redis prints it. */
  public String remoteAddress() {
    return Addresses.text(channel.remoteAddress());
  }

  /** Where the client has connected to, as Redis prints it. */
  public String localAddress() {
    return Addresses.text(channel.localAddress());
  }

  /** When it was accepted, in milliseconds of the loop's clock. */
  public long createdMillis() {
    return createdMillis;
  }

  /** Since when it is new: it was accepted, or has reset itself; on the loop's clock. */
  long newSince() {
    return newSince;
  }

  /** Bytes received that make no whole request yet. */
  public int receivedBytes() {
    return cumulation.size();
  }

  /** Bytes of replies that the client has not taken. */
  public long unreadBytes() {
    return output.pendingBytes();
  }

  /** How many of them there were when it was new. */
  long unreadWhenNew() {
    return unreadWhenNew;
  }

  /** Bytes of replies that its socket has taken. */
  long sentBytes() {
    return output.sentBytes();
  }

  /**
   * Whether the system has sent it something within so many milliseconds. What a slow client reads
   * shows in {@link #sentBytes} only after a large part of the socket's buffer, but here at once.
   */
  boolean wasSentSomething(long withinMillis) {
    return output.wasSentSomething(withinMillis);
  }

  /** Bytes that the proxy keeps for it, or has reserved. */
  long heldBytes() {
    return cumulation.counted() + replies.heldBytes() + unreadBytes();
  }

  /** Bytes that have moved between it and the proxy. */
  long movedBytes() {
    return receivedTotal + output.sentBytes();
  }

  /** The memory without which its request cannot be received; 0 if it does not wait for any. */
  long wantedMemory() {
    if (!paused || closing) {
      return 0;
    }
    long wanted = decoder.announced() - cumulation.counted();
    return wanted > 0 && !memory.admits(decoder.announced(), cumulation.counted()) ? wanted : 0;
  }

  /** Looks what its socket has taken, and whether it may go on by now. */
  void watch() {
    output.recount();
    if (paused) {
      resumeLater();
    }
  }

  /** Requests seen since it was accepted. */
  long requests() {
    return requests;
  }

  /** Whether a request has begun and is not complete. */
  boolean isInsideRequest() {
    return !cumulation.isEmpty() && !paused;
  }

  public boolean isClosed() {
    return closed;
  }

  /** Whether it takes no more requests, and ends once its replies are taken. */
  boolean isClosing() {
    return closing;
  }

  ClientCounters counters() {
    return frontend.counters();
  }

  // Replies.

  ReplyQueue replies() {
    return replies;
  }

  /** The reply at {@code place} has come: it goes out, and those behind it that wait for it. */
  void settled(PendingReply place, int replyBytes) {
    replies.settled(place, replyBytes);
    if (!replies.isNext(place)) {
      return;
    }
    replies.releaseSettled(closed);
    if (replies.isEmpty() && closing && !closed) {
      closeNow();
    }
    if (memory.free() < 0) {
      overdrawn();
    } else if (paused) {
      resumeLater();
    }
  }

  /** There is no memory left for replies that a client does not take. */
  private void overdrawn() {
    if (!closed && output.unsentBytes() > 0 && session.isEvictable()) {
      frontend.evict(this, "it does not take its replies");
    }
  }

  /** Whether the next reply is left out; {@code CLIENT REPLY SKIP} counts it. */
  private boolean muteNext() {
    ReplyMode mode = session.replyMode();
    if (mode == ReplyMode.SKIP_NEXT) {
      session.replyMode(ReplyMode.ON);
    }
    return mode != ReplyMode.ON;
  }

  /** {@code CLIENT REPLY ON} is the one command that is answered although replies are off. */
  public void repliesOn(int requestBytes) {
    session.replyMode(ReplyMode.ON);
    open(requestBytes, true).settle(OK);
  }

  // Requests.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf chunk = (ByteBuf) message;
    counters().received(chunk.readableBytes());
    receivedTotal += chunk.readableBytes();
    if (closing || closed) {
      chunk.release();
      return;
    }
    try {
      take(cumulation.append(chunk));
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private void take(ByteBuf in) {
    boolean stopped = false;
    try {
      stopped = handleAll(in);
    } catch (ProtocolException broken) {
      refuse(broken);
    } finally {
      cumulation.keep(in);
    }
    if (ended && !stopped) {
      closeAfterReplies();
    }
    if (closing || closed) {
      cumulation.release();
    } else {
      // What a request will need is reserved before it is received.
      setPaused(stopped || !cumulation.reserve(decoder.announced()));
    }
  }

  /** The client sends nothing more; what it has sent is answered, as a server does. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      ended = true;
      if (!paused && !closed) {
        closeAfterReplies();
      }
    }
  }

  /** Handles the requests in {@code in}; true if some are left because the client has to wait. */
  private boolean handleAll(ByteBuf in) {
    while (in.isReadable() && !closing) {
      if (!replies.hasRoom()) {
        return true;
      }
      RequestFrame request = decoder.decode(in);
      if (request == null) {
        return false;
      }
      requests++;
      noteBlank();
      if (!frontend.sink().accept(this, request)) {
        decoder.reset();
        waitsForReplies = true;
        return true;
      }
      decoder.consume(in);
    }
    return false;
  }

  private void noteBlank() {
    if (decoder.skippedBlank()) {
      session.blankRequest();
    }
  }

  private void refuse(ProtocolException broken) {
    noteBlank();
    open(0, true).fail("ERR Protocol error: " + broken.getMessage());
    closeAfterReplies();
  }

  private void setPaused(boolean nowPaused) {
    if (nowPaused != paused) {
      paused = nowPaused;
      channel.config().setAutoRead(!nowPaused);
      if (nowPaused) {
        counters().paused();
      }
    }
    if (nowPaused && mayGoOn()) {
      resumeLater();
    }
  }

  private boolean mayGoOn() {
    if (waitsForReplies) {
      return replies.inFlight() == 0 && !held;
    }
    return replies.hasRoom()
        && cumulation.reserve(decoder.announced());
  }

  /** Goes on with the requests at hand once all events of this iteration are handled. */
  void resumeLater() {
    if (!resuming && !closed && mayGoOn()) {
      resuming = true;
      frontend.loop().resumeLater(this::resume);
    }
  }

  private void resume() {
    resuming = false;
    if (closed || closing || !paused || !mayGoOn()) {
      return;
    }
    waitsForReplies = false;
    try {
      ByteBuf kept = cumulation.take();
      if (kept != null) {
        take(kept);
        return;
      }
      setPaused(false);
      if (ended) {
        closeAfterReplies();
      }
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    output.recount();
    if (paused) {
      resumeLater();
    }
  }

  // The end.

  /** Closes once the client has taken what is written; replies still to come are dropped. */
  public void closeNow() {
    if (closed) {
      return;
    }
    closing = true;
    output.flush();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes without waiting for the client to take anything; nothing more is written to it. */
  public void abort() {
    closing = true;
    closed = true;
    channel.close();
  }

  /** Something was thrown that concerns this client alone. */
  void failed(Throwable fault) {
    frontend.loop().faults().caught("client " + remoteAddress(), fault);
    abort();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    closed = true;
    frontend.remove(this);
    Faults faults = frontend.loop().faults();
    String what = "the end of a client";
    faults.guard(what, cumulation::release);
    faults.guard(what, output::discard);
    replies.dropAll(what, faults);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      abort();
    } else {
      failed(cause);
    }
  }
}
