package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests in the bytes of one client, however these are cut. An array of bulk strings is
 * described where it stands; an inline command is encoded anew as one. Lengths are read as strictly
 * as Redis reads them, because the frame is passed on to Redis as it is.
 *
 * <pre>
 *   *2\r\n    $3\r\n      GET   \r\n   $1\r\n   k   \r\n
 *   COUNT     LENGTH      BODY         LENGTH   BODY
 * </pre>
 *
 * Not thread-safe; a decoder that threw is of no more use.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP
 *     specification</a>
 */
public final class RequestDecoder {

  private static final int MAX_DIGITS = 20;
  private static final int MIN_BYTES_PER_ARGUMENT = 6;

  private enum State {
    COUNT,
    LENGTH,
    BODY
  }

  private final RequestFrame frame = new RequestFrame();
  private RequestLimits limits;
  private State state = State.COUNT;
  // Bytes of the frame that are understood already.
  private int position;
  private int arguments;
  private int bodyLength;
  private boolean skippedBlank;
  // After number(): the value read and the position behind its line end.
  private long number;
  private int afterNumber;

  public RequestDecoder(RequestLimits limits) {
    this.limits = limits;
  }

  /** Takes effect with the next length that is read. */
  public void limits(RequestLimits newLimits) {
    limits = newLimits;
  }

  /**
   * The next request at the reader index of {@code in}, or null if more bytes are needed; {@code
   * in} must then keep what it holds. The frame is valid until the next call. The caller moves the
   * reader index over it with {@link #consume}.
   *
   * @throws ProtocolException if this can never become a request
   */
  public @Nullable RequestFrame decode(ByteBuf in) {
    while (true) {
      switch (state) {
        case COUNT -> {
          if (!in.isReadable()) {
            return null;
          }
          if (in.getByte(in.readerIndex()) != '*') {
            if (!inline(in)) {
              return null;
            }
            if (frame.count() > 0) {
              return frame;
            }
          } else if (!count(in)) {
            return null;
          }
        }
        case LENGTH -> {
          if (frame.count() == arguments) {
            frame.complete(in, in.readerIndex(), position);
            return frame;
          }
          if (!length(in)) {
            return null;
          }
        }
        case BODY -> {
          if (in.readableBytes() - position < bodyLength + 2) {
            return null;
          }
          body(in);
        }
      }
    }
  }

  /**
   * Bytes that the request takes which has begun and is not complete, as far as it tells, with what
   * is remembered of it; 0 if none has.
   */
  public long announced() {
    int missing = arguments - frame.count();
    return switch (state) {
      case COUNT -> 0;
      case LENGTH -> position + (long) MIN_BYTES_PER_ARGUMENT * missing + frame.tableBytes();
      case BODY ->
          position
              + bodyLength
              + 2L
              + (long) MIN_BYTES_PER_ARGUMENT * (missing - 1)
              + frame.tableBytes();
    };
  }

  /** Moves over the frame that was returned last. */
  public void consume(ByteBuf in) {
    in.skipBytes(position);
    reset();
  }

  /** Whether a request without any word has come since this was last asked. */
  public boolean skippedBlank() {
    boolean skipped = skippedBlank;
    skippedBlank = false;
    return skipped;
  }

  /**
   * Forgets what was understood of the current frame; the next call starts again at the reader
   * index.
   */
  public void reset() {
    state = State.COUNT;
    position = 0;
    frame.clear();
  }

  private boolean count(ByteBuf in) {
    if (!shortNumber(in, '*')
        && !number(in, 1, "too big mbulk count string", "invalid multibulk length")) {
      return false;
    }
    if (number > limits.maxArguments()) {
      throw new ProtocolException(limits.excess("multibulk length"));
    }
    if (number <= 0) {
      in.skipBytes(afterNumber);
      skippedBlank = true;
      return true;
    }
    arguments = (int) number;
    position = afterNumber;
    state = State.LENGTH;
    return true;
  }

  private boolean length(ByteBuf in) {
    if (!shortNumber(in, '$') && !bulkLength(in)) {
      return false;
    }
    if (number < 0) {
      throw new ProtocolException("invalid bulk length");
    }
    if (number > limits.maxBulkBytes()) {
      throw new ProtocolException(limits.excess("bulk length"));
    }
    long least =
        afterNumber + number + 2 + (long) MIN_BYTES_PER_ARGUMENT * (arguments - frame.count() - 1);
    if (least > limits.maxRequestBytes()) {
      throw new ProtocolException("request is larger than " + limits.maxRequestBytes() + " bytes");
    }
    bodyLength = (int) number;
    position = afterNumber;
    state = State.BODY;
    return true;
  }

  private boolean bulkLength(ByteBuf in) {
    if (in.readableBytes() <= position) {
      return false;
    }
    int c = in.getByte(in.readerIndex() + position) & 0xFF;
    if (c != '$') {
      throw new ProtocolException("expected '$', got '" + (char) c + "'");
    }
    return number(in, position + 1, "too big bulk count string", "invalid bulk length");
  }

  private void body(ByteBuf in) {
    if (in.getShortLE(in.readerIndex() + position + bodyLength) != ShortLine.LINE_END) {
      throw new ProtocolException("invalid bulk length");
    }
    frame.add(position, bodyLength);
    position += bodyLength + 2;
    state = State.LENGTH;
  }

  private boolean shortNumber(ByteBuf in, char type) {
    int line = ShortLine.at(in, in.readerIndex() + position, in.readableBytes() - position, type);
    if (line == ShortLine.NONE) {
      return false;
    }
    number = ShortLine.number(line);
    afterNumber = position + ShortLine.length(line);
    return true;
  }

  /** Reads digits up to CR LF as Redis does: no plus sign, no leading zero, no blank. */
  private boolean number(ByteBuf in, int from, String tooLong, String invalid) {
    int base = in.readerIndex();
    int readable = in.readableBytes();
    int at = from;
    boolean negative = at < readable && in.getByte(base + at) == '-';
    if (negative) {
      at++;
    }
    int first = at;
    long value = 0;
    while (at < readable) {
      int c = in.getByte(base + at);
      if (c == '\r') {
        return numberEnds(in, base, at, first, negative ? -value : value, negative, invalid);
      }
      if (c < '0' || c > '9' || at - first >= MAX_DIGITS - 2) {
        throw new ProtocolException(at - first >= MAX_DIGITS - 2 ? tooLong : invalid);
      }
      value = value * 10 + (c - '0');
      at++;
    }
    return false;
  }

  private boolean numberEnds(
      ByteBuf in, int base, int at, int first, long value, boolean negative, String invalid) {
    if (at + 1 >= in.readableBytes()) {
      return false;
    }
    boolean leadingZero =
        at > first && in.getByte(base + first) == '0' && (at > first + 1 || negative);
    if (at == first || leadingZero || in.getByte(base + at + 1) != '\n') {
      throw new ProtocolException(invalid);
    }
    number = value;
    afterNumber = at + 2;
    return true;
  }

  /** Reads one line; false if more bytes are needed. A blank line leaves the frame empty. */
  private boolean inline(ByteBuf in) {
    int newline = in.bytesBefore((byte) '\n');
    if (newline > limits.maxInlineBytes()
        || (newline < 0 && in.readableBytes() > limits.maxInlineBytes())) {
      throw new ProtocolException("too big inline request");
    }
    if (newline < 0) {
      return false;
    }
    boolean carriageReturn = newline > 0 && in.getByte(in.readerIndex() + newline - 1) == '\r';
    byte[] line = new byte[carriageReturn ? newline - 1 : newline];
    in.getBytes(in.readerIndex(), line);
    List<byte[]> words = InlineCommand.split(line);
    if (words.isEmpty()) {
      in.skipBytes(newline + 1);
      skippedBlank = true;
    } else {
      position = newline + 1;
      encode(words);
    }
    return true;
  }

  private void encode(List<byte[]> words) {
    RequestEncoder encoder = new RequestEncoder(Unpooled.buffer(), frame, words.size());
    for (byte[] word : words) {
      encoder.add(word);
    }
    encoder.finish();
  }
}
