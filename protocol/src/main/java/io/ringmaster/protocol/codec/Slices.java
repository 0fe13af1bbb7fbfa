package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Parts of buffers, and copies of them, that outlive the buffer's next use. A composite buffer
 * moves its indexes when it drops what was read, so its components are kept, never a slice of the
 * whole.
 */
public final class Slices {

  /** From this size on a frame that is passed on at once is not copied: that costs less. */
  public static final int FROM = 4 * 1024;

  /**
   * From this size on what may lie for long is not copied: a slice holds the whole buffer that was
   * received into, so that a smaller one would hold many times its own size.
   */
  public static final int LASTING_FROM = 32 * 1024;

  /**
   * From this size on a copy is pooled: on the heap, copies that wait for their turn fill the young
   * generation within so few requests that a collection finds many of them alive.
   */
  public static final int POOLED_FROM = 1024;

  private Slices() {}

  /** {@code length} bytes of {@code source} from {@code index} on; the caller releases them. */
  public static ByteBuf kept(ByteBuf source, int index, int length) {
    if (length >= LASTING_FROM) {
      return retained(source, index, length);
    }
    ByteBuf copy =
        length >= POOLED_FROM
            ? source.alloc().directBuffer(length, length)
            : Unpooled.buffer(length, length);
    return copy.writeBytes(source, index, length);
  }

  /**
   * {@code length} bytes of {@code source} from {@code index} on, retained; the caller releases
   * them.
   */
  public static ByteBuf retained(ByteBuf source, int index, int length) {
    if (!(source instanceof CompositeByteBuf composite)) {
      return source.retainedSlice(index, length);
    }
    CompositeByteBuf parts = source.alloc().compositeDirectBuffer(Integer.MAX_VALUE);
    try {
      for (ByteBuf part : composite.decompose(index, length)) {
        parts.addComponent(true, part.retain());
      }
      return parts;
    } catch (Throwable fault) {
      parts.release();
      throw fault;
    }
  }
}
