package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds where replies end, for all types of RESP2 and RESP3, however the bytes are cut. What is
 * inside of what does not matter for that: the elements that a reply still lacks are counted, so it
 * may be nested as deeply as it likes.
 *
 * <pre>
 *   +OK\r\n  -ERR x\r\n  :1\r\n  _\r\n  #t\r\n  ,1.5\r\n  (123\r\n      one line
 *   $3\r\nfoo\r\n  !5\r\nERR x\r\n  =7\r\ntxt:foo\r\n                     length, then so many bytes
 *   *2\r\n…  ~2\r\n…  %1\r\n…  >2\r\n…                                    count, then so many replies
 *   |1\r\n…                                                               pairs, then the reply itself
 * </pre>
 *
 * A reply that is larger than a buffer can hold, or that nobody has room for, is skipped: its bytes
 * are passed over as they come, and none is kept. Not thread-safe; a decoder that threw is of no
 * more use.
 */
public final class ReplyDecoder {

  /**
   * The most bytes that a whole reply may have: what a buffer can hold, without the last MiB, where
   * what was received behind the reply has its place.
   */
  public static final int MAX_BYTES = Integer.MAX_VALUE - (1 << 20);

  private static final int MIN_BYTES_PER_ELEMENT = 3;
  private static final int LONGEST_HEADER = 32;

  private final int maxBytes;
  private final ReplyFrame frame;
  // Elements without which the reply is not complete; none before it has begun.
  private long missing;
  // Bytes of the reply that are understood already and are still there.
  private int position;
  // Bytes behind them in which the present line does not end.
  private int scanned;
  private long bodyMissing;
  private boolean skipping;
  // Only where a reply is skipped: its present line has begun before the bytes that are there.
  private boolean insideLine;

  /** A decoder of replies of up to {@value #MAX_BYTES} bytes. */
  public ReplyDecoder() {
    this(Room.ENDLESS);
  }

  /** Creates a decoder where {@code room} counts the replies that are kept. */
  public ReplyDecoder(Room room) {
    this(MAX_BYTES, room);
  }

  ReplyDecoder(int maxBytes) {
    this(maxBytes, Room.ENDLESS);
  }

  private ReplyDecoder(int maxBytes, Room room) {
    this.maxBytes = maxBytes;
    this.frame = new ReplyFrame(room);
  }

  /**
   * The next reply at the reader index of {@code in}, which is moved over it, or null if more bytes
   * are needed; {@code in} must then keep what it holds. The frame is valid until the next call. In
   * place of a reply that was skipped it is {@link ReplyFrame#SKIPPED}.
   *
   * @throws ProtocolException if this can never become a reply
   */
  public @Nullable ReplyFrame decode(ByteBuf in) {
    int base = in.readerIndex();
    int readable = in.readableBytes();
    if (missing == 0) {
      missing = 1;
    }
    while (missing > 0) {
      if (!element(in, base, readable)) {
        if (skipping) {
          in.readerIndex(base + position);
          position = 0;
        }
        return null;
      }
      skipping |= leastBytes() > maxBytes;
    }
    in.readerIndex(base + position);
    ReplyFrame found = frame;
    if (skipping) {
      found = ReplyFrame.SKIPPED;
    } else {
      found.set(in, base, position);
    }
    skipping = false;
    position = 0;
    return found;
  }

  /**
   * Bytes that the reply takes which the next {@link #decode} goes on with, as far as it tells; 0
   * if none has begun, or it is skipped.
   */
  public long announced() {
    return skipping || position + bodyMissing + scanned == 0 ? 0 : leastBytes();
  }

  private long leastBytes() {
    long elements = bodyMissing > 0 ? missing - 1 : missing;
    return position + bodyMissing + MIN_BYTES_PER_ELEMENT * elements + Math.max(0, scanned - 1);
  }

  /** The reply that the next {@link #decode} goes on with is skipped. */
  public void skip() {
    skipping = true;
  }

  /** Reads one element, or its head if others are inside it; false if more bytes are needed. */
  private boolean element(ByteBuf in, int base, int readable) {
    if (bodyMissing > 0) {
      return body(readable);
    }
    if (!insideLine) {
      int line = ShortLine.at(in, base + position, readable - position, '$');
      if (line != ShortLine.NONE) {
        position += ShortLine.length(line);
        return bulk(ShortLine.number(line), readable);
      }
    }
    if (position == readable) {
      return false;
    }
    byte type = insideLine ? (byte) '+' : type(in.getByte(base + position));
    int lineEnd = lineEnd(in, base, readable, type);
    if (lineEnd < 0) {
      passOver();
      return false;
    }
    int from = base + position + 1;
    position = lineEnd + 2 - base;
    scanned = 0;
    insideLine = false;
    return switch (type) {
      case '$', '!', '=' -> {
        long length = number(in, from, lineEnd);
        if (length >= 0) {
          yield bulk(length, readable);
        }
        missing--;
        yield true;
      }
      case '*', '~', '>' -> aggregate(Math.max(0, number(in, from, lineEnd)) - 1);
      case '%' -> aggregate(2 * Math.max(0, number(in, from, lineEnd)) - 1);
      // It stands in front of the element that is counted.
      case '|' -> aggregate(2 * Math.max(0, number(in, from, lineEnd)));
      default -> aggregate(-1);
    };
  }

  private static byte type(byte type) {
    return switch (type) {
      case '+', '-', ':', '_', '#', ',', '(', '$', '!', '=', '*', '~', '>', '%', '|' -> type;
      default -> throw new ProtocolException("unknown reply type '" + (char) (type & 0xFF) + "'");
    };
  }

  private boolean bulk(long length, int readable) {
    bodyMissing = length + 2;
    skipping |= leastBytes() > maxBytes;
    return body(readable);
  }

  private boolean body(int readable) {
    int there = readable - position;
    if (there >= bodyMissing) {
      position += (int) bodyMissing;
      bodyMissing = 0;
      missing--;
      return true;
    }
    if (skipping) {
      position = readable;
      bodyMissing -= there;
    }
    return false;
  }

  private boolean aggregate(long more) {
    missing += more;
    return true;
  }

  /** Index of the CR that ends the line of the current element, or -1. */
  private int lineEnd(ByteBuf in, int base, int readable, byte type) {
    int end = base + readable;
    int from = base + position + scanned;
    int shortEnd = Math.min(end, from + LONGEST_HEADER);
    int cr = from;
    // Nearly all lines are so short that nothing is faster.
    while (cr < shortEnd && in.getByte(cr) != '\r') {
      cr++;
    }
    if (cr == shortEnd && cr < end) {
      if (isHeader(type)) {
        throw new ProtocolException("invalid length in reply");
      }
      cr = in.indexOf(cr, end, (byte) '\r');
      cr = cr < 0 ? end : cr;
    }
    if (cr + 1 >= end) {
      scanned = isHeader(type) ? 0 : cr - base - position;
      return -1;
    }
    if (in.getByte(cr + 1) != '\n') {
      throw new ProtocolException("line feed expected");
    }
    return cr;
  }

  private static boolean isHeader(byte type) {
    return switch (type) {
      case '$', '!', '=', '*', '~', '>', '%', '|' -> true;
      default -> false;
    };
  }

  /** The present line goes on behind the bytes that are there. */
  private void passOver() {
    skipping |= leastBytes() > maxBytes;
    if (skipping && scanned > 0) {
      insideLine = true;
      position += scanned;
      scanned = 0;
    }
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
