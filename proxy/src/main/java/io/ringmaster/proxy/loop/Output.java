package io.ringmaster.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.ringmaster.protocol.codec.Slices;
import java.util.ArrayDeque;

/**
 * The frames that are to be written to one connection. Small frames are copied into one buffer,
 * large ones are passed on as slices. Everything goes out with one flush at the end of the loop's
 * iteration, or, while the output is held, once it is opened. Whoever sees a write throw ends the
 * connection: a part of the frame may have been added.
 */
public final class Output {

  private static final int SMALLEST = 512;
  private static final int LARGEST = 64 * 1024;

  private final Channel channel;
  private final DataLoop loop;
  private final ArrayDeque<ByteBuf> full = new ArrayDeque<>(0);
  private ByteBuf current;
  private int nextCapacity = SMALLEST;
  private long heldBytes;
  private long writtenBytes;
  // Of what is pending, what the account knows.
  private long countedBytes;
  private boolean dirty;
  private boolean open;

  /** An output that writes at once if {@code open}, else after {@link #open()}. */
  public Output(Channel channel, DataLoop loop, boolean open) {
    this.channel = channel;
    this.loop = loop;
    this.open = open;
    this.current = Unpooled.EMPTY_BUFFER;
  }

  /** Adds {@code length} bytes of {@code source}, whose own indexes stay as they are. */
  public void write(ByteBuf source, int index, int length) {
    if (length >= Slices.LASTING_FROM || (length >= Slices.FROM && goesOutAtOnce())) {
      closeCurrent();
      add(Slices.retained(source, index, length));
    } else {
      room(length).writeBytes(source, index, length);
    }
    wrote(length);
  }

  private boolean goesOutAtOnce() {
    return open && unsentBytes() == 0;
  }

  /** Adds all of {@code bytes}. */
  public void write(byte[] bytes) {
    if (bytes.length >= Slices.FROM) {
      closeCurrent();
      add(Unpooled.wrappedBuffer(bytes));
    } else {
      room(bytes.length).writeBytes(bytes);
    }
    wrote(bytes.length);
  }

  /** Adds all of {@code buffer} and takes it over, also when it throws. */
  public void writeOwned(ByteBuf buffer) {
    int length = buffer.readableBytes();
    if (length >= Slices.FROM) {
      closeCurrent();
      add(buffer);
    } else {
      try {
        room(length).writeBytes(buffer);
      } finally {
        buffer.release();
      }
    }
    wrote(length);
  }

  /** Bytes that have not been given to the socket yet. */
  public long pendingBytes() {
    return heldBytes + unsentBytes();
  }

  /** Bytes that were flushed and that the socket has not taken. */
  public long unsentBytes() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return unsent == null ? 0 : unsent.totalPendingWriteBytes();
  }

  /** Tells the account what the socket has taken meanwhile. */
  public void recount() {
    long pending = pendingBytes();
    if (pending != countedBytes) {
      loop.memory().add(pending - countedBytes);
      countedBytes = pending;
    }
  }

  /** Bytes that the socket has taken since the beginning. */
  public long sentBytes() {
    return writtenBytes - pendingBytes();
  }

  /**
   * Whether the system has sent something to the other side within so many milliseconds, which has
   * taken what was sent before. What is taken slowly shows in {@link #sentBytes} only after a large
   * part of the socket's buffer, but here at once.
   */
  public boolean wasSentSomething(long withinMillis) {
    try {
      if (channel instanceof EpollSocketChannel socket) {
        EpollTcpInfo info = socket.tcpInfo();
        return info.lastDataSent() < withinMillis && info.retransmits() == 0;
      }
    } catch (ChannelException closed) {
      // Nothing is sent any more.
    }
    return false;
  }

  /** Writes everything from now on. */
  public void open() {
    open = true;
    if (heldBytes > 0) {
      markDirty();
    }
  }

  /** Gives all bytes to the channel. */
  public void flush() {
    dirty = false;
    if (!open || heldBytes == 0) {
      return;
    }
    nextCapacity = Math.clamp(heldBytes, SMALLEST, LARGEST);
    for (ByteBuf buffer = full.poll(); buffer != null; buffer = full.poll()) {
      channel.write(buffer, channel.voidPromise());
    }
    ByteBuf last = current;
    current = Unpooled.EMPTY_BUFFER;
    heldBytes = 0;
    if (last.isReadable()) {
      channel.write(last, channel.voidPromise());
    } else {
      last.release();
    }
    channel.flush();
    recount();
  }

  /** Drops what has not been given to the channel. */
  public void discard() {
    loop.memory().add(-countedBytes);
    countedBytes = 0;
    heldBytes = 0;
    ByteBuf last = current;
    current = Unpooled.EMPTY_BUFFER;
    last.release();
    for (ByteBuf buffer = full.poll(); buffer != null; buffer = full.poll()) {
      buffer.release();
    }
  }

  /** Lets the connection's handler end it, as its frames cannot be flushed. */
  void fail(Throwable fault) {
    dirty = false;
    discard();
    channel.pipeline().fireExceptionCaught(fault);
  }

  /** Component by component: Netty copies a composite buffer that has too many of them. */
  private void add(ByteBuf large) {
    if (large instanceof CompositeByteBuf composite) {
      try {
        for (ByteBuf part :
            composite.decompose(composite.readerIndex(), composite.readableBytes())) {
          full.add(part.retain());
        }
      } finally {
        composite.release();
      }
    } else {
      full.add(large);
    }
  }

  private ByteBuf room(int length) {
    if (current.maxWritableBytes() < length) {
      int capacity = nextCapacity;
      if (current.isReadable()) {
        capacity = LARGEST;
      }
      closeCurrent();
      current = channel.alloc().directBuffer(Math.max(capacity, length), LARGEST);
    }
    return current;
  }

  private void closeCurrent() {
    if (current.isReadable()) {
      full.add(current);
    } else {
      current.release();
    }
    current = Unpooled.EMPTY_BUFFER;
  }

  private void wrote(int length) {
    heldBytes += length;
    writtenBytes += length;
    countedBytes += length;
    loop.memory().add(length);
    if (open) {
      markDirty();
    }
  }

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      loop.flushLater(this);
    }
  }
}
