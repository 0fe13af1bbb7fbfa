package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.Request;
import java.nio.charset.StandardCharsets;

/** Builds a request argument by argument. When it throws it has given back what it held. */
public final class RequestEncoder {

  private final ByteBuf out;
  private final RequestFrame frame;
  private boolean dropped;

  /**
   * Begins a request of {@code count} arguments, the command's name included, in a buffer of its
   * own.
   */
  public RequestEncoder(ByteBufAllocator allocator, int count) {
    this(allocator.directBuffer(), new RequestFrame(), count);
  }

  RequestEncoder(ByteBuf out, RequestFrame frame, int count) {
    this.out = out;
    this.frame = frame;
    header('*', count);
  }

  /** A whole request of text arguments. */
  public static RequestFrame encode(ByteBufAllocator allocator, String... arguments) {
    RequestEncoder encoder = new RequestEncoder(allocator, arguments.length);
    for (String argument : arguments) {
      encoder.add(argument.getBytes(StandardCharsets.UTF_8));
    }
    return encoder.finish();
  }

  /** Returns {@code request} as a frame. */
  public static RequestFrame encode(ByteBufAllocator allocator, Request request) {
    RequestEncoder encoder = new RequestEncoder(allocator, request.count());
    for (int i = 0; i < request.count(); i++) {
      encoder.add(request.bytes(i));
    }
    RequestFrame frame = encoder.finish();
    frame.readOnly(request.isReadOnly());
    return frame;
  }

  public RequestEncoder add(byte[] argument) {
    return add(Unpooled.wrappedBuffer(argument), 0, argument.length);
  }

  /** Adds argument {@code index} of another request. */
  public RequestEncoder add(RequestFrame source, int index) {
    return add(source.buffer(), source.offset(index), source.length(index));
  }

  private RequestEncoder add(ByteBuf source, int index, int length) {
    try {
      header('$', length);
      frame.add(out.writerIndex(), length);
      out.writeBytes(source, index, length).writeShort(('\r' << 8) | '\n');
      return this;
    } catch (Throwable fault) {
      drop();
      throw fault;
    }
  }

  /** The request will not be finished. */
  public void drop() {
    if (!dropped) {
      dropped = true;
      out.release();
    }
  }

  /** The request; its buffer belongs to the caller, who releases it. */
  public RequestFrame finish() {
    frame.complete(out, 0, out.readableBytes());
    return frame;
  }

  private void header(char type, int number) {
    out.writeByte(type);
    if (number < 10) {
      out.writeByte('0' + number);
    } else {
      ByteBufUtil.writeAscii(out, Integer.toString(number));
    }
    out.writeShort(('\r' << 8) | '\n');
  }
}
