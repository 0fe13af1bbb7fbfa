package io.ringmaster.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;

/**
 * Parts of buffers that outlive the buffer's next use. A composite buffer moves its indexes when it
 * drops what was read, so its components are kept, never a slice of the whole.
 */
public final class Slices {

  /** From this size on a frame is not copied: keeping its buffer costs less. */
  public static final int FROM = 16 * 1024;

  private Slices() {}

  /**
   * {@code length} bytes of {@code source} from {@code index} on, retained; the caller releases
   * them.
   */
  public static ByteBuf retained(ByteBuf source, int index, int length) {
    if (!(source instanceof CompositeByteBuf composite)) {
      return source.retainedSlice(index, length);
    }
    CompositeByteBuf parts = source.alloc().compositeDirectBuffer(Integer.MAX_VALUE);
    for (ByteBuf part : composite.decompose(index, length)) {
      parts.addComponent(true, part.retain());
    }
    return parts;
  }
}
