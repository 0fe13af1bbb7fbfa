package io.ringmaster.proxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.ringmaster.protocol.codec.ReplyDecoder;
import io.ringmaster.protocol.codec.ReplyFrame;

/** Reads a whole reply element by element. Belongs to one event loop. */
final class Elements {

  // Whole replies only go through it, so it never waits for more bytes.
  private final ReplyDecoder decoder = new ReplyDecoder();

  /**
   * The next element of {@code reply}, whose reader index is moved over it; valid until the next
   * call.
   */
  ReplyFrame next(ByteBuf reply) {
    ReplyFrame element = decoder.decode(reply);
    if (element == null) {
      throw new IllegalStateException("a shard answered too few elements");
    }
    return element;
  }
}
