package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.ringmaster.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;

/**
 * Writes replies of our own in the protocol version of the client that asked. Types that RESP2
 * lacks are written as Redis writes them there: a map as a flat array, a boolean as 0 or 1, a
 * double as a bulk string.
 */
public final class ReplyWriter {

  private final ByteBuf out;
  private final ProtocolVersion version;

  /** A writer that appends to {@code out}. */
  public ReplyWriter(ByteBuf out, ProtocolVersion version) {
    this.out = out;
    this.version = version;
  }

  public ProtocolVersion version() {
    return version;
  }

  /** A writer to the same buffer in another version. */
  public ReplyWriter as(ProtocolVersion other) {
    return new ReplyWriter(out, other);
  }

  /** {@code +OK}. */
  public ReplyWriter ok() {
    return simple("OK");
  }

  /** A simple string; it must hold neither CR nor LF. */
  public ReplyWriter simple(String text) {
    out.writeByte('+');
    ByteBufUtil.writeUtf8(out, text);
    return crlf();
  }

  /**
   * An error: its code, a blank, its text, as in {@code ERR syntax error}. CR and LF become blanks.
   */
  public ReplyWriter error(String codeAndText) {
    out.writeByte('-');
    ByteBufUtil.writeUtf8(out, codeAndText.replace('\r', ' ').replace('\n', ' '));
    return crlf();
  }

  public ReplyWriter integer(long value) {
    return header(':', value);
  }

  public ReplyWriter bulk(String text) {
    return bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  public ReplyWriter bulk(byte[] bytes) {
    header('$', bytes.length);
    out.writeBytes(bytes);
    return crlf();
  }

  /** A text of several lines: verbatim in RESP3, a bulk string in RESP2. */
  public ReplyWriter verbatim(String text) {
    if (version == ProtocolVersion.RESP2) {
      return bulk(text);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    header('=', bytes.length + 4L);
    ByteBufUtil.writeAscii(out, "txt:");
    out.writeBytes(bytes);
    return crlf();
  }

  /** The null: {@code _} in RESP3, a null bulk string in RESP2. */
  public ReplyWriter nil() {
    ByteBufUtil.writeAscii(out, version == ProtocolVersion.RESP2 ? "$-1" : "_");
    return crlf();
  }

  /** The null where Redis answers an array or null: {@code _} in RESP3, a null array in RESP2. */
  public ReplyWriter nilArray() {
    ByteBufUtil.writeAscii(out, version == ProtocolVersion.RESP2 ? "*-1" : "_");
    return crlf();
  }

  public ReplyWriter bool(boolean value) {
    if (version == ProtocolVersion.RESP2) {
      return integer(value ? 1 : 0);
    }
    ByteBufUtil.writeAscii(out, value ? "#t" : "#f");
    return crlf();
  }

  public ReplyWriter real(double value) {
    if (version == ProtocolVersion.RESP2) {
      return bulk(Double.toString(value));
    }
    out.writeByte(',');
    ByteBufUtil.writeAscii(out, Double.toString(value));
    return crlf();
  }

  /** The head of an array; its {@code size} elements follow. */
  public ReplyWriter array(int size) {
    return header('*', size);
  }

  /** The head of a map; its {@code pairs} keys and values follow, in turn. */
  public ReplyWriter map(int pairs) {
    return version == ProtocolVersion.RESP2 ? header('*', 2L * pairs) : header('%', pairs);
  }

  /** The head of a set; its {@code size} elements follow. */
  public ReplyWriter set(int size) {
    return header(version == ProtocolVersion.RESP2 ? '*' : '~', size);
  }

  private ReplyWriter header(char type, long value) {
    out.writeByte(type);
    ByteBufUtil.writeAscii(out, Long.toString(value));
    return crlf();
  }

  private ReplyWriter crlf() {
    out.writeShort(('\r' << 8) | '\n');
    return this;
  }
}
