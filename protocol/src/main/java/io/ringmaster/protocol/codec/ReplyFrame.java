package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The place of a reply in a buffer. A decoder fills one frame again and again; what {@link #kept}
 * returns is one of its own.
 */
public final class ReplyFrame implements Reply {

  /** Stands for a reply of which nothing was kept; it has no content. */
  public static final ReplyFrame SKIPPED = new ReplyFrame(Room.ENDLESS);

  private static final int LONGEST_LINE = 4 * 1024;

  // By far the most frequent one that has to be kept; nobody changes it.
  private static final ReplyFrame OK = new ReplyFrame(Room.ENDLESS);

  static {
    byte[] bytes = {'+', 'O', 'K', '\r', '\n'};
    OK.set(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)), 0, bytes.length);
  }

  private final Room room;
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int start;
  private int length;
  private boolean owned;

  ReplyFrame(Room room) {
    this.room = room;
  }

  void set(ByteBuf in, int frameStart, int frameLength) {
    buffer = in;
    start = frameStart;
    length = frameLength;
  }

  /** The buffer that holds the frame; not retained. */
  public ByteBuf buffer() {
    return buffer;
  }

  /** Index of the frame's first byte in {@link #buffer()}. */
  public int start() {
    return start;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public byte type() {
    return buffer.getByte(start);
  }

  /** A copy of the frame. */
  public byte[] bytes() {
    byte[] bytes = new byte[length];
    buffer.getBytes(start, bytes);
    return bytes;
  }

  @Override
  public String firstLine() {
    int from = start + 1;
    int last = Math.min(start + length, from + LONGEST_LINE);
    int end = buffer.indexOf(from, last, (byte) '\r');
    return buffer.toString(from, (end < 0 ? last : end) - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String text() {
    byte type = type();
    if (type != '$' && type != '!' && type != '=') {
      return firstLine();
    }
    int head = buffer.indexOf(start, start + length, (byte) '\n') + 1 - start;
    int body = Math.max(0, length - head - 2);
    return buffer.toString(start + head, body, StandardCharsets.ISO_8859_1);
  }

  @Override
  public List<Reply> elements() {
    byte type = type();
    if (type != '*' && type != '~' && type != '>') {
      return List.of();
    }
    int head = buffer.indexOf(start, start + length, (byte) '\n') + 1 - start;
    ByteBuf in = buffer.slice(start + head, length - head);
    ReplyDecoder decoder = new ReplyDecoder();
    List<Reply> elements = new ArrayList<>();
    for (ReplyFrame next = decoder.decode(in); next != null; next = decoder.decode(in)) {
      elements.add(next.detached());
    }
    return elements;
  }

  @Override
  public ReplyFrame detached() {
    if (isOk()) {
      return OK;
    }
    ReplyFrame copy = new ReplyFrame(Room.ENDLESS);
    copy.set(Unpooled.wrappedBuffer(bytes()), 0, length);
    return copy;
  }

  /**
   * @throws NoRoomException if there is no memory for it
   */
  @Override
  public ReplyFrame kept() {
    if (isOk()) {
      return OK;
    }
    room.take(length);
    try {
      ReplyFrame copy = new ReplyFrame(room);
      copy.set(Slices.kept(buffer, start, length), 0, length);
      copy.owned = true;
      return copy;
    } catch (Throwable fault) {
      room.giveBack(length);
      throw fault;
    }
  }

  @Override
  public void release() {
    if (owned) {
      owned = false;
      room.giveBack(length);
      buffer.release();
    }
  }

  private boolean isOk() {
    return length == 5 && type() == '+' && buffer.getShort(start + 1) == (('O' << 8) | 'K');
  }
}
