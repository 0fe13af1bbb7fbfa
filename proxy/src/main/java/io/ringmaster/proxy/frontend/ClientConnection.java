package io.ringmaster.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.protocol.codec.RequestLimits;
import io.ringmaster.proxy.loop.Addresses;
import io.ringmaster.proxy.loop.Faults;
import io.ringmaster.proxy.loop.MemoryAccount;
import io.ringmaster.proxy.loop.Output;

/**
 * One client, as those see it who handle its requests: its session, a place for each reply, and its
 * end. Its {@link Intake} takes the requests, its {@link ReplyQueue} keeps the replies in their
 * order. Belongs to one event loop; so do all calls.
 */
public final class ClientConnection {

  /** How far it is from its end. */
  private enum Life {
    /** Requests are taken. */
    OPEN,
    /** No more are taken; it ends once the client has its replies. */
    CLOSING,
    /** Nothing more is written to it; replies still to come are dropped. */
    CLOSED
  }

  private final Frontend frontend;
  private final Channel channel;
  private final Session session;
  private final Output output;
  private final ReplyQueue replies;
  private final Intake intake;
  private final MemoryAccount memory;
  private final long createdMillis;
  private Life life = Life.OPEN;

  ClientConnection(Frontend frontend, Channel channel, Session session) {
    this.frontend = frontend;
    this.channel = channel;
    this.session = session;
    this.memory = frontend.loop().memory();
    this.output = new Output(channel, frontend.loop(), true);
    Window window =
        new Window(frontend.limits().commandsInFlight(), frontend.limits().bytesInFlight());
    this.replies = new ReplyQueue(output, memory, frontend.counters(), window);
    this.createdMillis = frontend.nowMillis();
    this.intake = new Intake(this, channel, replies, requestLimits());
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
    PendingReply place =
        new PendingReply(this, requestBytes, readOnly, session.preferences().mutesRequest());
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

  /** The request that is just being handled waits until {@link #unpark}. */
  public void park() {
    intake.park();
  }

  /** Goes on with its next request. */
  public void unpark() {
    intake.unpark();
  }

  /** Takes no more requests and closes the connection when all earlier ones are answered. */
  public void closeAfterReplies() {
    if (replies.isEmpty()) {
      closeNow();
    } else if (life == Life.OPEN) {
      life = Life.CLOSING;
    }
  }

  /** The client has logged in: its requests may be larger from now on. */
  public void loggedIn(User user) {
    session.login(new Login(user, frontend.nowMillis(), unreadBytes()));
    intake.limits(requestLimits());
  }

  /** The client begins anew, with what holds for one that was just accepted. */
  public void reset() {
    session.reset(frontend.nowMillis(), unreadBytes());
    intake.limits(requestLimits());
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

  /** Bytes received that make no whole request yet. */
  public int receivedBytes() {
    return intake.receivedBytes();
  }

  /** Bytes of replies that the client has not taken. */
  public long unreadBytes() {
    return output.pendingBytes();
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
    return intake.heldBytes() + replies.heldBytes() + unreadBytes();
  }

  /** Bytes that have moved between it and the proxy. */
  long movedBytes() {
    return intake.receivedTotal() + output.sentBytes();
  }

  /** The memory without which its request cannot be received; 0 if it does not wait for any. */
  long wantedMemory() {
    return intake.wantedMemory();
  }

  /** Looks what its socket has taken, and whether it may go on by now. */
  void watch() {
    output.recount();
    intake.resumeLater();
  }

  /** Requests seen since it was accepted. */
  long requests() {
    return intake.requests();
  }

  /** Whether a request has begun and is not complete. */
  boolean isInsideRequest() {
    return intake.isInsideRequest();
  }

  public boolean isClosed() {
    return life == Life.CLOSED;
  }

  /** Whether it takes no more requests, and ends once its replies are taken, or has ended. */
  boolean isClosing() {
    return life != Life.OPEN;
  }

  ClientCounters counters() {
    return frontend.counters();
  }

  /** What is to be told of the events of its channel. */
  ChannelHandler handler() {
    return intake;
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
    replies.releaseSettled(isClosed());
    if (replies.isEmpty() && life == Life.CLOSING) {
      closeNow();
    }
    if (memory.free() < 0) {
      overdrawn();
    } else {
      intake.resumeLater();
    }
  }

  /** There is no memory left for replies that a client does not take. */
  private void overdrawn() {
    if (!isClosed() && output.unsentBytes() > 0 && session.preferences().isEvictable()) {
      frontend.evict(this, "it does not take its replies");
    }
  }

  // The end.

  /** Closes once the client has taken what is written; replies still to come are dropped. */
  public void closeNow() {
    if (isClosed()) {
      return;
    }
    life = Life.CLOSING;
    output.flush();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes without waiting for the client to take anything; nothing more is written to it. */
  public void abort() {
    life = Life.CLOSED;
    channel.close();
  }

  /** Something was thrown that concerns this client alone. */
  void failed(Throwable fault) {
    frontend.loop().faults().caught("client " + remoteAddress(), fault);
    abort();
  }

  /** Its channel is closed. */
  void disconnected() {
    life = Life.CLOSED;
    frontend.remove(this);
    Faults faults = frontend.loop().faults();
    String what = "the end of a client";
    faults.guard(what, intake::drop);
    faults.guard(what, output::discard);
    replies.dropAll(what, faults);
  }
}
