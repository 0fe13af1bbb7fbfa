package io.ringmaster.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Lets all connections of one event loop receive into the same buffer. A connection that keeps a
 * slice of it keeps all of it; the next one to receive then gets a new buffer. An idle connection
 * so needs no receive buffer at all.
 */
final class SharedReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

  static final int SIZE = 64 * 1024;

  private @Nullable ByteBuf shared;

  // Netty has deprecated the type, not the method that returns it.
  @Override
  @SuppressWarnings("deprecation")
  public RecvByteBufAllocator.Handle newHandle() {
    return new SharingHandle();
  }

  /** Gives the buffer back; the next connection to receive gets a new one. */
  void release() {
    ByteBuf released = shared;
    // First, so that nobody receives into it when another one cannot be had.
    shared = null;
    if (released != null) {
      released.release();
    }
  }

  private ByteBuf take(ByteBufAllocator allocator) {
    ByteBuf buffer = shared;
    if (buffer == null || buffer.refCnt() != 1) {
      release();
      buffer = allocator.directBuffer(SIZE, SIZE);
      shared = buffer;
    }
    return buffer.clear().retain();
  }

  private final class SharingHandle extends MaxMessageHandle {

    @Override
    public int guess() {
      return SIZE;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return take(allocator);
    }
  }
}
