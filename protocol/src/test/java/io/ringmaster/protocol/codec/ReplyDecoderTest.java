package io.ringmaster.protocol.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyDecoderTest {

  private static final List<String> FRAMES =
      List.of(
          "+OK\r\n",
          "-ERR no\r\n",
          ":-12\r\n",
          "$5\r\na\r\nb\n\r\n",
          "$0\r\n\r\n",
          "$-1\r\n",
          "*-1\r\n",
          "*0\r\n",
          "*2\r\n$1\r\na\r\n*2\r\n:1\r\n*0\r\n",
          "_\r\n",
          "#t\r\n",
          ",3.14\r\n",
          "(3492890328409238509324850943850943825024385\r\n",
          "!5\r\nERR x\r\n",
          "=7\r\ntxt:abc\r\n",
          "%2\r\n+a\r\n:1\r\n+b\r\n~1\r\n$1\r\nx\r\n",
          ">2\r\n+m\r\n+n\r\n",
          "|1\r\n+ttl\r\n:3\r\n*1\r\n+v\r\n",
          "*1\r\n*1\r\n*1\r\n%0\r\n");

  @Test
  void findsTheSameRepliesWhereverTheBytesAreCut() {
    String bytes = String.join("", FRAMES);
    for (int cut = 0; cut <= bytes.length(); cut++) {
      ReplyDecoder decoder = new ReplyDecoder();
      ByteBuf in = Unpooled.buffer();
      List<String> found = new ArrayList<>();
      for (String piece : List.of(bytes.substring(0, cut), bytes.substring(cut))) {
        in.writeBytes(piece.getBytes(ISO_8859_1));
        for (ReplyFrame f = decoder.decode(in); f != null; f = decoder.decode(in)) {
          found.add(new String(f.bytes(), ISO_8859_1));
        }
      }
      assertThat(found).as("cut at %d", cut).isEqualTo(FRAMES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "$x\r\n", "$-2\r\n", "$99999999999\r\n", "*\r\n", "+OK\rx"})
  void refusesGarbage(String bytes) {
    ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
    assertThatThrownBy(() -> new ReplyDecoder().decode(in)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$%40d\r\n", "x", "*%033d"})
  void refusesAHeaderThatDoesNotEnd(String header) {
    ByteBuf in = Unpooled.copiedBuffer(header.formatted(1), ISO_8859_1);
    assertThatThrownBy(() -> new ReplyDecoder().decode(in)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void findsTheEndOfAReplyHoweverDeepItIs() {
    int depth = 1_000_000;
    String reply = "*2\r\n".repeat(depth) + ":1\r\n".repeat(depth + 1);
    ByteBuf in = Unpooled.copiedBuffer(reply + "+OK\r\n", ISO_8859_1);
    ReplyDecoder decoder = new ReplyDecoder();
    assertThat(decoder.decode(in)).extracting(ReplyFrame::length).isEqualTo(reply.length());
    assertThat(decoder.decode(in)).extracting(ReplyFrame::length).isEqualTo(5);
  }

  @Test
  void looksAtEachByteOfALongLineOnce() {
    ReplyDecoder decoder = new ReplyDecoder();
    CountingBuffer in = new CountingBuffer();
    in.writeByte('+');
    int size = 1;
    for (int i = 0; i < 1000; i++) {
      in.writeZero(1000);
      size += 1000;
      assertThat(decoder.decode(in)).isNull();
    }
    in.writeShort(('\r' << 8) | '\n');
    assertThat(decoder.decode(in)).extracting(ReplyFrame::length).isEqualTo(size + 2);
    assertThat(in.looks()).isLessThan(2L * size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$95\r\n",
        "*2\r\n+OK\r\n$86\r\n",
        "$9999999999\r\n",
        "*32\r\n",
        "%9999999999\r\n",
      })
  void knowsFromDeclaredLengthsThatAReplyIsTooLarge(String bytes) {
    ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
    assertThat(new ReplyDecoder(100).decode(in)).isNull();
    assertThat(in.isReadable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 1000})
  void skipsAReplyThatIsTooLargeAndKeepsNothingOfIt(int size) {
    String large = "*3\r\n$90\r\n" + "x".repeat(90) + "\r\n+" + "y".repeat(99) + "\r\n*0\r\n";
    byte[] bytes = ("+a\r\n" + large + ":1\r\n").getBytes(ISO_8859_1);
    ReplyDecoder decoder = new ReplyDecoder(100);
    ByteBuf in = Unpooled.buffer();
    List<String> found = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += size) {
      in.discardReadBytes().writeBytes(bytes, at, Math.min(size, bytes.length - at));
      for (ReplyFrame f = decoder.decode(in); f != null; f = decoder.decode(in)) {
        found.add(f == ReplyFrame.SKIPPED ? "skipped" : f.firstLine());
      }
      assertThat(in.readableBytes()).isLessThan(40);
    }
    assertThat(found).containsExactly("a", "skipped", "1");
  }

  @Test
  void skipsALineThatDoesNotEnd() {
    ByteBuf in = Unpooled.copiedBuffer("+" + "x".repeat(99), ISO_8859_1);
    ReplyDecoder decoder = new ReplyDecoder(100);
    assertThat(decoder.decode(in)).isNull();
    assertThat(in.isReadable()).isFalse();
    assertThat(decoder.decode(in.writeByte('\r'))).isNull();
    assertThat(decoder.decode(in.writeByte('\n'))).isSameAs(ReplyFrame.SKIPPED);
  }

  @Test
  void skipsAReplyOnRequest() {
    ReplyDecoder decoder = new ReplyDecoder();
    ByteBuf in = Unpooled.copiedBuffer("$1000\r\nxxx", ISO_8859_1);
    assertThat(decoder.decode(in)).isNull();
    assertThat(decoder.announced()).isEqualTo(1009);
    decoder.skip();
    assertThat(decoder.decode(in)).isNull();
    assertThat(in.isReadable()).isFalse();
    in.writeBytes(("x".repeat(997) + "\r\n+OK\r\n").getBytes(ISO_8859_1));
    assertThat(decoder.decode(in)).isSameAs(ReplyFrame.SKIPPED);
    assertThat(decoder.decode(in)).extracting(ReplyFrame::firstLine).isEqualTo("OK");
  }

  @Test
  void takesAReplyAsLargeAsTheBound() {
    String reply = "*2\r\n+OK\r\n$85\r\n" + "x".repeat(85) + "\r\n";
    assertThat(reply).hasSize(101);
    ByteBuf in = Unpooled.copiedBuffer(reply + "+OK\r\n", ISO_8859_1);
    ReplyDecoder decoder = new ReplyDecoder(101);
    assertThat(decoder.decode(in)).extracting(ReplyFrame::length).isEqualTo(101);
    assertThat(decoder.decode(in)).extracting(ReplyFrame::length).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$2147483647\r\n", "*2\r\n$2146435054\r\n", "*715478355\r\n"})
  void skipsAReplyThatNoBufferCanHold(String bytes) {
    ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
    assertThat(new ReplyDecoder().decode(in)).isNull();
    assertThat(in.isReadable()).isFalse();
  }

  @Test
  void waitsForTheRestOfALargeReply() {
    ByteBuf in = Unpooled.copiedBuffer("*2\r\n$2146435052\r\n", ISO_8859_1);
    ReplyDecoder decoder = new ReplyDecoder();
    assertThat(decoder.decode(in)).isNull();
    assertThat(decoder.decode(in.writeByte('x'))).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsWhatTheWriterWrites(int version) {
    ByteBuf out = Unpooled.buffer();
    ProtocolVersion protocol = version == 2 ? ProtocolVersion.RESP2 : ProtocolVersion.RESP3;
    ReplyWriter writer = new ReplyWriter(out, protocol);
    writer.map(2).bulk("a").integer(1).bulk("b").array(1).nil();
    writer.ok().error("ERR a\r\nb").verbatim("text").bool(true).real(1.5).nilArray();
    writer.set(1).bulk("x");
    ReplyDecoder decoder = new ReplyDecoder();
    List<Character> types = new ArrayList<>();
    for (ReplyFrame f = decoder.decode(out); f != null; f = decoder.decode(out)) {
      types.add((char) f.type());
    }
    assertThat(types)
        .isEqualTo(
            version == 2
                ? List.of('*', '+', '-', '$', ':', '$', '*', '*')
                : List.of('%', '+', '-', '=', '#', ',', '_', '~'));
    assertThat(out.isReadable()).isFalse();
  }
}
