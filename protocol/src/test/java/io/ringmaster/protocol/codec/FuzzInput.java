package io.ringmaster.protocol.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Bytes for a decoder and where they are cut, made from what a fuzzer provides. */
final class FuzzInput {

  private static final int RUNS = 3000;
  private static final int MAX_SEED = 500;
  private static final int MAX_BYTES = 10_000;

  /** Writes the next bit of mostly valid input. */
  interface Grammar {
    void write(Choices choices, ByteArrayOutputStream out);
  }

  private final byte[] bytes;
  private final byte[] cuts;

  private FuzzInput(byte[] bytes, byte[] cuts) {
    this.bytes = bytes;
    this.cuts = cuts;
  }

  /** Arbitrary bytes, or what {@code grammar} writes, with or without one wrong byte in it. */
  static FuzzInput of(Choices choices, Grammar grammar) {
    byte[] cuts = choices.bytes(8);
    if (choices.upTo(3) == 1) {
      return new FuzzInput(choices.rest(), cuts);
    }
    boolean damaged = choices.upTo(3) == 1;
    int damagedAt = choices.upTo(MAX_BYTES);
    byte damage = (byte) choices.upTo(0xFF);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (choices.areLeft() && out.size() < MAX_BYTES) {
      grammar.write(choices, out);
    }
    byte[] bytes = out.toByteArray();
    if (damaged && bytes.length > 0) {
      bytes[damagedAt % bytes.length] = damage;
    }
    return new FuzzInput(bytes, cuts);
  }

  /** The same random inputs each time: what a build without a fuzzer tries. */
  static void random(Consumer<byte[]> target) {
    Random random = new Random(1);
    for (int run = 0; run < RUNS; run++) {
      byte[] seed = new byte[random.nextInt(MAX_SEED)];
      random.nextBytes(seed);
      try {
        target.accept(seed);
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("input " + run, failure);
      }
    }
  }

  byte[] bytes() {
    return bytes;
  }

  List<byte[]> whole() {
    return List.of(bytes);
  }

  /** The bytes in pieces, the lengths of which repeat; each byte for itself if there are none. */
  List<byte[]> pieces() {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int i = 0; from < bytes.length; i++) {
      int length = cuts.length == 0 ? 1 : 1 + (cuts[i % cuts.length] & 0xFF);
      int to = Math.min(bytes.length, from + length);
      pieces.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return pieces;
  }

  static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
