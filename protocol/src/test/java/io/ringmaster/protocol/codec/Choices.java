package io.ringmaster.protocol.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Decisions taken from the bytes that a fuzzer provides; always the least one at their end. */
final class Choices {

  private final byte[] seed;
  private int at;

  Choices(byte[] seed) {
    this.seed = seed;
  }

  boolean areLeft() {
    return at < seed.length;
  }

  /** From 0 to {@code max}. */
  int upTo(int max) {
    int value = 0;
    for (int range = max; range > 0 && areLeft(); range >>= Byte.SIZE) {
      value = value << Byte.SIZE | next();
    }
    return Integer.remainderUnsigned(value, max + 1);
  }

  String oneOf(List<String> words) {
    return words.get(upTo(words.size() - 1));
  }

  /** At most {@code max} arbitrary bytes. */
  byte[] bytes(int max) {
    int end = Math.min(seed.length, at + upTo(max));
    return until(Math.max(at, end));
  }

  byte[] rest() {
    return until(seed.length);
  }

  /** At most {@code max} characters of ASCII that can be printed. */
  String text(int max) {
    byte[] text = bytes(max);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (' ' + (text[i] & 0x3F));
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  private int next() {
    return seed[at++] & 0xFF;
  }

  private byte[] until(int end) {
    byte[] bytes = Arrays.copyOfRange(seed, at, end);
    at = end;
    return bytes;
  }
}
