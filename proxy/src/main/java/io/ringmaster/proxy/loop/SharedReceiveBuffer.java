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

  /** So that many clients who begin large requests at the same time do not receive much of them. */
  private static final int SCARCE_SIZE = 2 * 1024;

  private static final long SCARCE = 256 * SIZE;

  private final MemoryAccount memory;
  private @Nullable ByteBuf shared;

  SharedReceiveBuffer(MemoryAccount memory) {
    this.memory = memory;
  }

  /** Returns the receive buffers of clients, who get smaller ones where memory is scarce. */
  @SuppressWarnings("deprecation")
  RecvByteBufAllocator forClients() {
    return () -> new SharingHandle(true);
  }

  private boolean isScarce() {
    long free = memory.free();
    return free < SCARCE && free < memory.budget().limit() / 4;
  }

  // Netty has deprecated the type, not the method that returns it.
  @Override
  @SuppressWarnings("deprecation")
  public RecvByteBufAllocator.Handle newHandle() {
    return new SharingHandle(false);
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

    private final boolean isForClient;

    SharingHandle(boolean isForClient) {
      this.isForClient = isForClient;
    }

    @Override
    public int guess() {
      return SIZE;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return isForClient && isScarce()
          ? allocator.directBuffer(SCARCE_SIZE, SCARCE_SIZE)
          : take(allocator);
    }
  }
}
