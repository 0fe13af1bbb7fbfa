package io.ringmaster.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection that do not make a whole frame yet. Few bytes are kept in one growing
 * buffer, many as the chunks that they came in. No memory is taken beyond what was received, but
 * what a frame will need can be reserved in the account of its loop.
 */
public final class Cumulation {

  private static final int SMALL = 64 * 1024;

  private final ByteBufAllocator allocator;
  private final MemoryAccount memory;
  private @Nullable ByteBuf kept;
  private boolean ownsTaken;
  private long reserved;
  // What the account knows of.
  private long counted;

  public Cumulation(DataLoop loop) {
    this.allocator = loop.allocator();
    this.memory = loop.memory();
  }

  /**
   * Counts {@code bytes}, which a frame will have in all, as if they were there, until that is
   * called again with another number. False if there is no room for them: then all is as before.
   */
  public boolean reserve(long bytes) {
    if (bytes == reserved) {
      return true;
    }
    if (bytes > Math.max(reserved, SMALL) && !memory.admits(bytes, counted)) {
      return false;
    }
    reserved = bytes;
    count();
    return true;
  }

  /** Bytes that are kept or reserved. */
  public long counted() {
    return counted;
  }

  private void count() {
    long now = Math.max(reserved, size());
    if (now != counted) {
      memory.add(now - counted);
      counted = now;
    }
  }

  /** Whether nothing is kept. */
  public boolean isEmpty() {
    return kept == null;
  }

  /** Bytes that are kept. */
  public int size() {
    return kept == null ? 0 : kept.readableBytes();
  }

  /**
   * The kept bytes with those of {@code chunk} behind them: {@code chunk} itself when nothing was
   * kept. Takes {@code chunk} over; what is returned goes back with {@link #keep}. When it throws,
   * all of that is dropped, as there is no room for it.
   */
  public ByteBuf append(ByteBuf chunk) {
    ByteBuf before = take();
    if (before == null) {
      ownsTaken = false;
      return chunk;
    }
    try {
      return append(before, chunk);
    } catch (Throwable fault) {
      release();
      throw fault;
    }
  }

  private ByteBuf append(ByteBuf before, ByteBuf chunk) {
    if (before instanceof CompositeByteBuf composite) {
      return add(composite, chunk);
    }
    if (before.readableBytes() + chunk.readableBytes() > SMALL) {
      return add(composite(before, chunk), chunk);
    }
    return grown(before, chunk);
  }

  /** The kept bytes, to be gone on with; null if there are none. */
  public @Nullable ByteBuf take() {
    ByteBuf taken = kept;
    kept = null;
    ownsTaken = true;
    return taken;
  }

  /**
   * Keeps what is left of {@code rest}, which was taken or appended to before, or releases it; it
   * is also released when this throws.
   */
  public void keep(ByteBuf rest) {
    try {
      put(rest);
    } finally {
      count();
    }
  }

  private void put(ByteBuf rest) {
    if (!rest.isReadable()) {
      rest.release();
    } else if (rest instanceof CompositeByteBuf composite) {
      kept = composite.discardReadComponents();
    } else if (ownsTaken) {
      kept = rest;
    } else if (rest.readableBytes() < SMALL / 2) {
      kept = copyAndRelease(rest);
    } else {
      kept = composite(rest, Unpooled.EMPTY_BUFFER);
    }
  }

  /** Drops everything. */
  public void release() {
    ByteBuf dropped = take();
    reserved = 0;
    count();
    if (dropped != null) {
      dropped.release();
    }
  }

  // Each of these takes its arguments over, and has released them when it throws.

  /** {@code first} as the beginning of many bytes; {@code chunk} is only released if it throws. */
  private CompositeByteBuf composite(ByteBuf first, ByteBuf chunk) {
    try {
      return add(allocator.compositeDirectBuffer(Integer.MAX_VALUE), first);
    } catch (Throwable fault) {
      chunk.release();
      throw fault;
    }
  }

  /** A chunk that fills its buffer badly is copied, so that few bytes never hold much memory. */
  private CompositeByteBuf add(CompositeByteBuf composite, ByteBuf chunk) {
    try {
      ByteBuf component = chunk.readableBytes() < SMALL / 2 ? copyAndRelease(chunk) : chunk;
      // It releases what it does not take.
      return composite.addComponent(true, component);
    } catch (Throwable fault) {
      composite.release();
      throw fault;
    }
  }

  private ByteBuf grown(ByteBuf before, ByteBuf chunk) {
    ByteBuf grown = Unpooled.EMPTY_BUFFER;
    try {
      // Bytes may move only where nobody holds a slice of them.
      grown = before.refCnt() == 1 ? before.discardReadBytes() : copyAndRelease(before);
      return grown.writeBytes(chunk);
    } catch (Throwable fault) {
      grown.release();
      throw fault;
    } finally {
      chunk.release();
    }
  }

  private ByteBuf copyAndRelease(ByteBuf bytes) {
    try {
      ByteBuf copy = allocator.directBuffer(bytes.readableBytes());
      return copy.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    } finally {
      bytes.release();
    }
  }
}
