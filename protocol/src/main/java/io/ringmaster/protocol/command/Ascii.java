package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;

/** Comparisons that take a to z for A to Z, and nothing else, as Redis does. */
final class Ascii {

  private Ascii() {}

  static int upper(int c) {
    return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
  }

  /** Whether {@code bytes} is {@code upper}, which is in upper case. */
  static boolean equalsUpper(byte[] bytes, byte[] upper) {
    return bytes.length == upper.length && startsUpper(bytes, upper);
  }

  /**
   * Whether a server takes argument {@code index} for the option {@code word}. It compares up to a
   * zero byte, so what follows one must not hide an option from us.
   */
  static boolean isOption(Arguments arguments, int index, byte[] word) {
    int length = arguments.length(index);
    if (length < word.length) {
      return false;
    }
    byte[] bytes = arguments.bytes(index, word.length + 1);
    return startsUpper(bytes, word) && (length == word.length || bytes[word.length] == 0);
  }

  private static boolean startsUpper(byte[] bytes, byte[] upper) {
    for (int i = 0; i < upper.length; i++) {
      if (upper(bytes[i]) != upper[i]) {
        return false;
      }
    }
    return true;
  }
}
