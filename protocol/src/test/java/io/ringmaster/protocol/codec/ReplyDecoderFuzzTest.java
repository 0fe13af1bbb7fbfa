package io.ringmaster.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.codec.ReplyReference.End;
import io.ringmaster.protocol.codec.ReplyReference.Ends;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplyDecoderFuzzTest {

  private static final int MAX_DEPTH = 5;
  private static final List<String> HEADS =
      List.of(
          "*-1\r\n",
          "$-1\r\n",
          "$-01\r\n",
          "$-2\r\n",
          "*+1\r\n",
          "\r\n",
          "+\r",
          "*1\r\n*1\r\n*1\r\n",
          "|0\r\n",
          "$2147483647\r\n",
          "*2147483648\r\n",
          "%9999999999\r\n",
          "!99999999999\r\n");

  /** The replies, the reason why no more came, and how many bytes wait for more. */
  private record Outcome(List<End> ends, @Nullable String refusal, int waiting) {}

  @FuzzTest(maxDuration = "10m")
  void findsTheSameRepliesHoweverTheBytesAreCut(byte[] seed) {
    Choices choices = new Choices(seed);
    int maxBytes = choices.upTo(1) == 1 ? 1 + choices.upTo(499) : ReplyDecoder.MAX_BYTES;
    FuzzInput input = FuzzInput.of(choices, (more, out) -> write(more, out, 0));
    Outcome whole = decode(maxBytes, input.bytes(), input.whole());
    Outcome pieces = decode(maxBytes, input.bytes(), input.pieces());
    assertThat(pieces).isEqualTo(whole);
    Ends reference = ReplyReference.ends(input.bytes(), maxBytes);
    assertThat(new Ends(whole.ends, whole.refusal != null)).isEqualTo(reference);
  }

  @Test
  void findsTheSameRepliesInRandomInput() {
    FuzzInput.random(this::findsTheSameRepliesHoweverTheBytesAreCut);
  }

  private static Outcome decode(int maxBytes, byte[] bytes, List<byte[]> pieces) {
    ReplyDecoder decoder = new ReplyDecoder(maxBytes);
    ByteBuf in = Unpooled.buffer();
    List<End> ends = new ArrayList<>();
    int received = 0;
    try {
      for (byte[] piece : pieces) {
        in.discardReadBytes().writeBytes(piece);
        received += piece.length;
        for (ReplyFrame f = decoder.decode(in); f != null; f = decoder.decode(in)) {
          int end = received - in.readableBytes();
          if (f != ReplyFrame.SKIPPED) {
            check(f, in, maxBytes, Arrays.copyOfRange(bytes, end - f.length(), end));
          }
          ends.add(new End(end, f == ReplyFrame.SKIPPED));
        }
      }
    } catch (ProtocolException refusal) {
      return new Outcome(ends, refusal.getMessage(), 0);
    }
    return new Outcome(ends, null, in.readableBytes());
  }

  private static void check(ReplyFrame frame, ByteBuf in, int maxBytes, byte[] expected) {
    assertThat(frame.buffer()).isSameAs(in);
    assertThat(frame.start() + frame.length()).isEqualTo(in.readerIndex());
    assertThat(frame.length()).isBetween(3, maxBytes);
    assertThat(frame.bytes()).isEqualTo(expected);
    assertThat(frame.type()).isEqualTo(expected[0]);
    assertThat(frame.firstLine()).doesNotContain("\r");
  }

  private static void write(Choices choices, ByteArrayOutputStream out, int depth) {
    char type = "+-:_#,($!=*~%>|".charAt(choices.upTo(14));
    switch (type) {
      case '$', '!', '=' -> {
        byte[] body = choices.bytes(40);
        FuzzInput.text(out, type + "" + body.length + "\r\n");
        out.writeBytes(body);
        FuzzInput.text(out, "\r\n");
      }
      case '*', '~', '>', '%', '|' -> {
        int size = depth > MAX_DEPTH ? 0 : choices.upTo(3);
        FuzzInput.text(out, type + "" + size + "\r\n");
        int elements = type == '%' ? 2 * size : type == '|' ? 2 * size + 1 : size;
        for (int i = 0; i < elements; i++) {
          write(choices, out, depth + 1);
        }
      }
      case '#' -> FuzzInput.text(out, choices.oneOf(HEADS));
      default -> FuzzInput.text(out, type + choices.text(10) + "\r\n");
    }
  }
}
