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

  /**
   * The most bytes that a whole reply may have: what a buffer can hold, without the last MiB, where
   * what was received behind the reply has its place.
   */
  public static final int MAX_BYTES = Integer.MAX_VALUE - (1 << 20);

  private static final int MIN_BYTES_PER_ELEMENT = 3;

  private final int maxDepth;
  private final int maxBytes;
  private final ReplyFrame frame = new ReplyFrame();
  private long[] open = new long[4];
  private int depth;
  // Bytes of the frame that are understood already.
  private int position;
  private int bodyMissing;

  /** A decoder for replies with at most {@code maxDepth} aggregates inside each other. */
  public ReplyDecoder(int maxDepth) {
    this(maxDepth, MAX_BYTES);
  }

  ReplyDecoder(int maxDepth, int maxBytes) {
    this.maxDepth = maxDepth;
    this.maxBytes = maxBytes;
  }

  /**
   * The next reply at the reader index of {@code in}, which is moved over it, or null if more bytes
   * are needed; {@code in} must then keep what it holds. The frame is valid until the next call.
   *
   * @throws ProtocolException if this can never become a reply
   */
  public @Nullable ReplyFrame decode(ByteBuf in) {
    int base = in.readerIndex();
    // Nothing behind the bound is looked at, so that what is found does not depend on the cuts.
    int readable = Math.min(in.readableBytes(), maxBytes);
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
    int line = ShortLine.at(in, base + position, readable - position, '$');
    if (line != ShortLine.NONE) {
      position += ShortLine.length(line);
      return bulk(ShortLine.number(line), readable);
    }
    int lineEnd = lineEnd(in, base, readable);
    if (lineEnd < 0) {
      bound(readable + 1L);
      return false;
    }
    int from = base + position + 1;
    byte type = in.getByte(from - 1);
    position = lineEnd + 2 - base;
    switch (type) {
      case '+', '-', ':', '_', '#', ',', '(' -> {
        took();
        return true;
      }
      case '$', '!', '=' -> {
        long length = number(in, from, lineEnd);
        if (length < 0) {
          took();
          return true;
        }
        return bulk(length, readable);
      }
      default -> {
        aggregate(type, number(in, from, lineEnd));
        return true;
      }
    }
  }

  private boolean bulk(long length, int readable) {
    bound(position + length + 2);
    bodyMissing = (int) length + 2;
    return body(readable);
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

  private void bound(long bytes) {
    if (bytes > maxBytes) {
      throw new ProtocolException("reply is larger than " + maxBytes + " bytes");
    }
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
    bound(position + MIN_BYTES_PER_ELEMENT * elements);
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

  private static long number(ByteBuf in, int from, int end) {
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
    if (negative && value != 1) {
      throw new ProtocolException("invalid length in reply");
    }
    return negative ? -value : value;
  }
}
