package io.ringmaster.protocol.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestDecoderFuzzTest {

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final RequestLimits TIGHT = new RequestLimits(4, 40, 120, 30, false);
  private static final List<String> WORDS =
      List.of(
          "PING", " ", "\t", "\"", "'", "\\", "\\x41", "\\x4", "\\n", "\\\"", "\\'", "a b", "\0");
  private static final List<String> HEADS =
      List.of(
          "*0\r\n",
          "*-1\r\n",
          "\r\n",
          "\n",
          "*1\r\n",
          "*4\r\n",
          "*1048576\r\n",
          "*1048577\r\n",
          "*1\r\n$536870912\r\n",
          "*1\r\n$536870913\r\n",
          "*3\r\n$536870912\r\n",
          "*1\r\n$9223372036854775808\r\n",
          "*00\r\n",
          "*1\r\n$-1\r\n");

  /** What was found, the reason why no more was, and how many bytes wait for more. */
  private record Outcome(List<List<String>> requests, @Nullable String refusal, int waiting) {}

  @FuzzTest(maxDuration = "10m")
  void findsTheSameRequestsHoweverTheBytesAreCut(byte[] seed) {
    Choices choices = new Choices(seed);
    RequestLimits limits = choices.upTo(1) == 1 ? TIGHT : RequestLimits.DEFAULT;
    FuzzInput input = FuzzInput.of(choices, RequestDecoderFuzzTest::write);
    Outcome whole = decode(limits, input.whole());
    Outcome pieces = decode(limits, input.pieces());
    assertThat(pieces).isEqualTo(whole);
    allocatesLittle(limits, input.bytes());
  }

  @Test
  void findsTheSameRequestsInRandomInput() {
    FuzzInput.random(this::findsTheSameRequestsHoweverTheBytesAreCut);
  }

  private static Outcome decode(RequestLimits limits, List<byte[]> pieces) {
    RequestDecoder decoder = new RequestDecoder(limits);
    ByteBuf in = Unpooled.buffer();
    List<List<String>> requests = new ArrayList<>();
    try {
      for (byte[] piece : pieces) {
        in.discardReadBytes().writeBytes(piece);
        for (RequestFrame f = decoder.decode(in); f != null; f = decoder.decode(in)) {
          requests.add(checked(f, in));
          decoder.reset();
          assertThat(arguments(again(decoder, in))).isEqualTo(requests.getLast());
          decoder.consume(in);
        }
      }
    } catch (ProtocolException refusal) {
      return new Outcome(requests, refusal.getMessage(), 0);
    }
    return new Outcome(requests, null, in.readableBytes());
  }

  /** Only what was received counts, not what was declared. */
  private static void allocatesLittle(RequestLimits limits, byte[] bytes) {
    // Loads the classes, which allocates as well.
    allocated(limits, bytes);
    assertThat(allocated(limits, bytes)).isLessThan(50_000 + 1000L * bytes.length);
  }

  private static long allocated(RequestLimits limits, byte[] bytes) {
    RequestDecoder decoder = new RequestDecoder(limits);
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      while (decoder.decode(in) != null) {
        decoder.consume(in);
      }
    } catch (ProtocolException refusal) {
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static RequestFrame again(RequestDecoder decoder, ByteBuf in) {
    RequestFrame frame = decoder.decode(in);
    if (frame == null) {
      throw new AssertionError("not found a second time");
    }
    return frame;
  }

  private static List<String> checked(RequestFrame frame, ByteBuf in) {
    assertThat(frame.count()).isPositive();
    assertThat(frame.start()).isNotNegative();
    int end = frame.start() + frame.frameLength();
    assertThat(end).isLessThanOrEqualTo(frame.buffer().writerIndex());
    if (in.getByte(in.readerIndex()) == '*') {
      assertThat(frame.buffer()).isSameAs(in);
      assertThat(frame.start()).isEqualTo(in.readerIndex());
    }
    int position = frame.start();
    for (int i = 0; i < frame.count(); i++) {
      assertThat(frame.length(i)).isNotNegative();
      assertThat(frame.offset(i)).isGreaterThan(position);
      position = frame.offset(i) + frame.length(i) + 2;
    }
    assertThat(position).isEqualTo(end);
    List<String> arguments = arguments(frame);
    assertThat(arguments(frame.detached())).isEqualTo(arguments);
    encodesToItself(frame, arguments);
    return arguments;
  }

  /** Lengths are strict, so there is one way only to write a request. */
  private static void encodesToItself(RequestFrame frame, List<String> arguments) {
    RequestEncoder encoder = new RequestEncoder(UnpooledByteBufAllocator.DEFAULT, frame.count());
    for (int i = 0; i < frame.count(); i++) {
      encoder.add(frame, i);
    }
    ByteBuf encoded = encoder.finish().buffer();
    try {
      assertThat(encoded).isEqualTo(frame.buffer().slice(frame.start(), frame.frameLength()));
      RequestDecoder decoder = new RequestDecoder(RequestLimits.DEFAULT);
      assertThat(arguments(again(decoder, encoded))).isEqualTo(arguments);
      decoder.consume(encoded);
      assertThat(encoded.isReadable()).isFalse();
    } finally {
      encoded.release();
    }
  }

  private static List<String> arguments(RequestFrame frame) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < frame.count(); i++) {
      arguments.add(new String(frame.bytes(i), ISO_8859_1));
    }
    return arguments;
  }

  private static void write(Choices choices, ByteArrayOutputStream out) {
    switch (choices.upTo(5)) {
      case 0 -> FuzzInput.text(out, choices.oneOf(HEADS));
      case 1 -> inline(choices, out);
      case 2 -> out.writeBytes(choices.bytes(12));
      default -> array(choices, out);
    }
  }

  private static void inline(Choices choices, ByteArrayOutputStream out) {
    for (int words = 1 + choices.upTo(7); words > 0; words--) {
      FuzzInput.text(out, choices.oneOf(WORDS));
    }
    FuzzInput.text(out, choices.upTo(1) == 1 ? "\r\n" : "\n");
  }

  private static void array(Choices choices, ByteArrayOutputStream out) {
    int count = 1 + choices.upTo(11);
    FuzzInput.text(out, "*" + count + "\r\n");
    for (int i = 0; i < count; i++) {
      byte[] argument = choices.bytes(45);
      FuzzInput.text(out, "$" + argument.length + "\r\n");
      out.writeBytes(argument);
      FuzzInput.text(out, "\r\n");
    }
  }
}
