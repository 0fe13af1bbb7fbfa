package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;

/** Decimal numbers in arguments, by the two rules of Redis. */
final class Numbers {

  /** The value that stands for a number that is negative or none at all. */
  static final int NONE = -1;

  private static final int MAX_DIGITS = 19;
  private static final int MAX_LENIENT_LENGTH = 1024;

  private Numbers() {}

  /** The number without sign, blanks or leading zeros, cut to 32 bits as the server does. */
  static int strict(Arguments arguments, int index) {
    int length = arguments.length(index);
    if (length == 0 || length > MAX_DIGITS) {
      return NONE;
    }
    byte[] bytes = arguments.bytes(index);
    if (bytes[0] == '0' && length > 1) {
      return NONE;
    }
    long value = 0;
    for (byte digit : bytes) {
      if (digit < '0' || digit > '9') {
        return NONE;
      }
      value = 10 * value + (digit - '0');
      if (value < 0) {
        return NONE;
      }
    }
    return (int) value;
  }

  /** The number at the start, after blanks and a sign, whatever follows it. */
  static int lenient(Arguments arguments, int index) {
    if (arguments.length(index) > MAX_LENIENT_LENGTH) {
      return NONE;
    }
    byte[] bytes = arguments.bytes(index);
    int i = 0;
    while (i < bytes.length && (bytes[i] == ' ' || (bytes[i] >= '\t' && bytes[i] <= '\r'))) {
      i++;
    }
    if (i < bytes.length && bytes[i] == '-') {
      return NONE;
    }
    if (i < bytes.length && bytes[i] == '+') {
      i++;
    }
    long value = 0;
    while (i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9') {
      int digit = bytes[i++] - '0';
      boolean fits = value <= (Long.MAX_VALUE - digit) / 10;
      value = fits ? 10 * value + digit : Long.MAX_VALUE;
    }
    return (int) value;
  }
}
