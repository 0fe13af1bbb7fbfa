package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;

/**
 * A type, one to five digits without a leading zero, CR LF: what nearly all lengths and counts look
 * like, read as one word. Byte by byte, with the buffer's checks for each, took a decoder most of
 * its time. Whatever looks otherwise is left to the decoder.
 */
final class ShortLine {

  /** It is none, or is not there completely, or has less than eight bytes in and behind it. */
  static final int NONE = -1;

  /** CR LF, the first one lowest. */
  static final short LINE_END = '\r' | '\n' << 8;

  private static final int MAX_DIGITS = 5;
  private static final int LENGTH_BITS = 4;

  private ShortLine() {}

  /** The line at {@code index} of {@code in}, where {@code readable} bytes may be looked at. */
  static int at(ByteBuf in, int index, int readable, char type) {
    if (readable < Long.BYTES) {
      return NONE;
    }
    long rest = in.getLongLE(index);
    if ((byte) rest != type) {
      return NONE;
    }
    int value = 0;
    for (int digits = 1; digits <= MAX_DIGITS; digits++) {
      rest >>>= Byte.SIZE;
      int digit = (int) (rest & 0xFF) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = value * 10 + digit;
      if ((short) (rest >>> Byte.SIZE) == LINE_END) {
        return value << LENGTH_BITS | (digits + 3);
      }
      if (value == 0) {
        return NONE;
      }
    }
    return NONE;
  }

  /** The number in {@code line}, which is not {@link #NONE}. */
  static int number(int line) {
    return line >>> LENGTH_BITS;
  }

  /** The bytes of {@code line}, from its type to its end. */
  static int length(int line) {
    return line & ((1 << LENGTH_BITS) - 1);
  }
}
