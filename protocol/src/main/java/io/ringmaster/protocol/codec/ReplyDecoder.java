package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds where replies end, for all types of RESP2 and RESP3, however the bytes are cut. It never
 * recurses: open aggregates are counts on a small stack.
 *
 * <pre>
 *   +OK\r\n  -ERR x\r\n  :1\r\n  _\r\n  #t\r\n  ,1.5\r\n  (123\r\n      one line
 *   $3\r\nfoo\r\n  !5\r\nERR x\r\n  =7\r\ntxt:foo\r\n                     length, then so many bytes
 *   *2\r\n…  ~2\r\n…  %1\r\n…  >2\r\n…                                    count, then so many replies
 *   |1\r\n…                                                               pairs, then the reply itself
 * </pre>
 *
 * Not thread-safe; a decoder that threw is of no more use.
 */
public final class ReplyDecoder {

  private static final long MAX_COUNT = Integer.MAX_VALUE / 4;

  private final int maxDepth;
  private final ReplyFrame frame = new ReplyFrame();
  private long[] open = new long[4];
  private int depth;
  // Bytes of the frame that are understood already.
  private int position;
  private int bodyMissing;

  /** A decoder for replies with at most {@code maxDepth} aggregates inside each other. */
  public ReplyDecoder(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  /**
   * The next reply at the reader index of {@code in}, which is moved over it, or null if more bytes
   * are needed; {@code in} must then keep what it holds. The frame is valid until the next call.
   *
   * @throws ProtocolException if this can never become a reply
   */
  public @Nullable ReplyFrame decode(ByteBuf in) {
    int base = in.readerIndex();
    int readable = in.readableBytes();
    do {
      if (!element(in, base, readable)) {
        return null;
      }
    } while (!completed());
    frame.set(in, base, position);
    in.readerIndex(base + position);
    position = 0;
    return frame;
  }

  /** One element was read; closes the aggregates that it was the last of. */
  private boolean completed() {
    while (depth > 0) {
      if (open[depth - 1] > 0) {
        return false;
      }
      depth--;
    }
    return true;
  }

  private boolean element(ByteBuf in, int base, int readable) {
    if (bodyMissing > 0) {
      return body(readable);
    }
    int lineEnd = lineEnd(in, base, readable);
    if (lineEnd < 0) {
      return false;
    }
    int from = base + position + 1;
    byte type = in.getByte(from - 1);
    int afterLine = lineEnd + 2;
    switch (type) {
      case '+', '-', ':', '_', '#', ',', '(' -> {
        position = afterLine - base;
        took();
        return true;
      }
      case '$', '!', '=' -> {
        long length = number(in, from, lineEnd, Integer.MAX_VALUE - 64L);
        position = afterLine - base;
        if (length < 0) {
          took();
          return true;
        }
        bodyMissing = (int) length + 2;
        return body(readable);
      }
      default -> {
        aggregate(type, number(in, from, lineEnd, MAX_COUNT));
        position = afterLine - base;
        return true;
      }
    }
  }

  private boolean body(int readable) {
    if (readable - position < bodyMissing) {
      return false;
    }
    position += bodyMissing;
    bodyMissing = 0;
    took();
    return true;
  }

  private void took() {
    if (depth > 0) {
      open[depth - 1]--;
    }
  }

  private void aggregate(byte type, long count) {
    long elements =
        switch (type) {
          case '*', '~', '>' -> Math.max(0, count);
          case '%' -> 2 * Math.max(0, count);
          case '|' -> 2 * Math.max(0, count) + 1;
          default ->
              throw new ProtocolException("unknown reply type '" + (char) (type & 0xFF) + "'");
        };
    took();
    if (depth == maxDepth) {
      throw new ProtocolException("reply is nested deeper than " + maxDepth);
    }
    if (depth == open.length) {
      open = java.util.Arrays.copyOf(open, 2 * depth);
    }
    open[depth++] = elements;
  }

  /** Index of the CR that ends the line of the current element, or -1. */
  private int lineEnd(ByteBuf in, int base, int readable) {
    int end = base + readable - 1;
    for (int i = base + position; i < end; i++) {
      if (in.getByte(i) == '\r') {
        if (in.getByte(i + 1) != '\n') {
          throw new ProtocolException("line feed expected");
        }
        return i;
      }
    }
    return -1;
  }

  private static long number(ByteBuf in, int from, int end, long max) {
    boolean negative = from < end && in.getByte(from) == '-';
    int first = negative ? from + 1 : from;
    if (first == end || end - first > 10) {
      throw new ProtocolException("invalid length in reply");
    }
    long value = 0;
    for (int i = first; i < end; i++) {
      int digit = in.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new ProtocolException("invalid length in reply");
      }
      value = value * 10 + digit;
    }
    if (value > max || (negative && value != 1)) {
      throw new ProtocolException("invalid length in reply");
    }
    return negative ? -value : value;
  }
}
