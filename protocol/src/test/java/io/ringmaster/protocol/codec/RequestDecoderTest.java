package io.ringmaster.protocol.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.OwnRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {

  private static List<List<String>> decode(String bytes, int cut) {
    RequestDecoder decoder = new RequestDecoder(RequestLimits.DEFAULT);
    ByteBuf in = Unpooled.buffer();
    List<List<String>> requests = new ArrayList<>();
    for (String piece : List.of(bytes.substring(0, cut), bytes.substring(cut))) {
      in.writeBytes(piece.getBytes(ISO_8859_1));
      for (RequestFrame f = decoder.decode(in); f != null; f = decoder.decode(in)) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < f.count(); i++) {
          arguments.add(new String(f.bytes(i), ISO_8859_1));
        }
        requests.add(arguments);
        decoder.consume(in);
      }
    }
    assertThat(in.isReadable()).isFalse();
    return requests;
  }

  @Test
  void findsTheSameRequestsWhereverTheBytesAreCut() {
    String bytes =
        String.join(
            "",
            "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
            "*0\r\n*-1\r\n\r\n",
            "SET  a \"b c\\x41\\n\" 'd\\'e'\r\n",
            "*3\r\n$3\r\nset\r\n$0\r\n\r\n$12\r\n\r\n$5\r\n*1\r\n\u0000\u00ff\r\n",
            "PING\n");
    List<List<String>> expected =
        List.of(
            List.of("GET", "k"),
            List.of("SET", "a", "b cA\n", "d'e"),
            List.of("set", "", "\r\n$5\r\n*1\r\n\u0000\u00ff"),
            List.of("PING"));
    for (int cut = 0; cut <= bytes.length(); cut++) {
      assertThat(decode(bytes, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *x\\r\\n                    | invalid multibulk length
          *+1\\r\\n                   | invalid multibulk length
          *01\\r\\n                   | invalid multibulk length
          *-0\\r\\n                   | invalid multibulk length
          *2000000\\r\\n              | invalid multibulk length
          *1\\r\\nx                   | expected '$', got 'x'
          *1\\r\\n$-1\\r\\n           | invalid bulk length
          *1\\r\\n$03\\r\\n           | invalid bulk length
          *1\\r\\n$03\\r\\nabc\\r\\n    | invalid bulk length
          *1\\r\\n$00\\r\\nabc\\r\\n    | invalid bulk length
          *01\\r\\n$1\\r\\na\\r\\n     | invalid multibulk length
          *1\\r\\n$536870913\\r\\n    | invalid bulk length
          *1\\r\\n$3\\r\\nabcde       | invalid bulk length
          SET 'a                      | unbalanced quotes in request
          SET "a"b                    | unbalanced quotes in request
          """)
  void refusesInTheWordsOfRedis(String bytes, String message) {
    String plain = bytes.replace("\\r", "\r").replace("\\n", "\n");
    String input = plain.startsWith("*") ? plain : plain + "\n";
    assertThatThrownBy(() -> decode(input, 0))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {70_000, 200_000})
  void refusesALineThatDoesNotEnd(int length) {
    assertThatThrownBy(() -> decode("x".repeat(length), 0)).hasMessage("too big inline request");
  }

  @Test
  void waitsForTheRestOfADeclaredLength() {
    RequestDecoder decoder = new RequestDecoder(RequestLimits.DEFAULT);
    ByteBuf in = Unpooled.copiedBuffer("*1000000\r\n$500000000\r\nabc", ISO_8859_1);
    assertThat(decoder.decode(in)).isNull();
    assertThat(in.readerIndex()).isZero();
  }

  @Test
  void readsWhatTheEncoderWrites() {
    RequestFrame frame =
        RequestEncoder.encode(Unpooled.buffer().alloc(), "SET", "key", "v".repeat(1000), "");
    ByteBuf in = Unpooled.copiedBuffer(frame.buffer());
    frame.buffer().release();
    RequestFrame read = new RequestDecoder(RequestLimits.DEFAULT).decode(in);
    if (read == null) {
      throw new AssertionError("nothing was decoded");
    }
    assertThat(read.count()).isEqualTo(4);
    assertThat(read.detached().bytes(2)).hasSize(1000);
    assertThat(read.nameWord(0)).isEqualTo('S' | ('E' << 8) | ('T' << 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "behind it"})
  void readsLengthsOfAnyNumberOfDigits(String behind) {
    for (int length : new int[] {0, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999, 100_000}) {
      String body = "v".repeat(length);
      RequestFrame read = decodeOne("*1\r\n$" + length + "\r\n" + body + "\r\n" + behind);
      assertThat(new String(read.bytes(0), ISO_8859_1)).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "behind it"})
  void namesAreCalledByTheirCapitals(String behind) {
    for (int length = 0; length <= 24; length++) {
      for (int c = 0; c <= 0xFF; c++) {
        String name = ("" + (char) c).repeat(length);
        RequestFrame read = decodeOne("*1\r\n$" + length + "\r\n" + name + "\r\n" + behind);
        byte[] capitals = new byte[24];
        Arrays.fill(capitals, 0, length, (byte) (c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c));
        ByteBuf words = Unpooled.wrappedBuffer(capitals);
        for (int word = 0; word < 3; word++) {
          assertThat(read.nameWord(word)).isEqualTo(words.readLongLE());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"eval", "EVAL_RO", "evalsha", "EVALSHA_RO", "fcall", "FCALL_RO"})
  void knowsCallsOfScripts(String name) {
    assertThat(decodeOne(name + " x 0\r\n").callsScript()).isTrue();
    assertThat(OwnRequest.writing(name, "x", "0").callsScript()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "EVA", "FCAL", "SCRIPT", "FUNCTION"})
  void knowsWhatIsNoCallOfAScript(String name) {
    assertThat(decodeOne(name + " L 0\r\n").callsScript()).isFalse();
    assertThat(OwnRequest.writing(name, "L", "0").callsScript()).isFalse();
  }

  private static RequestFrame decodeOne(String bytes) {
    ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
    return Objects.requireNonNull(new RequestDecoder(RequestLimits.DEFAULT).decode(in));
  }
}
