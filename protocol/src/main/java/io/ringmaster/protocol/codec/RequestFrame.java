package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringmaster.protocol.Request;
import java.util.Arrays;

/**
 * The place of a request and its arguments in a buffer. A decoder fills one frame again and again;
 * offsets are relative to the frame's start, so that the bytes may move while a frame is still
 * incomplete.
 */
public final class RequestFrame implements Request {

  private static final int SMALL = 8;
  private static final int LARGE = 64 * SMALL;
  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long HIGHEST = 0x8080_8080_8080_8080L;

  // As nameWord has them: the first letter lowest.
  private static final long EVAL = 0x4C41_5645L;
  private static final long FCALL = 0x4C_4C41_4346L;

  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int start;
  private int length;
  private int count;
  private int[] offsets = new int[SMALL];
  private int[] lengths = new int[SMALL];
  private boolean readOnly;

  RequestFrame() {}

  /** The buffer that holds the frame; not retained. */
  public ByteBuf buffer() {
    return buffer;
  }

  /** Index of the frame's first byte in {@link #buffer()}. */
  public int start() {
    return start;
  }

  /** Bytes of the whole frame. */
  public int frameLength() {
    return length;
  }

  @Override
  public int count() {
    return count;
  }

  /** Index in {@link #buffer()} of the first byte of argument {@code index}. */
  public int offset(int index) {
    return start + offsets[index];
  }

  @Override
  public int length(int index) {
    return lengths[index];
  }

  @Override
  public byte[] bytes(int index) {
    byte[] bytes = new byte[lengths[index]];
    buffer.getBytes(start + offsets[index], bytes);
    return bytes;
  }

  @Override
  public byte[] bytes(int index, int most) {
    byte[] bytes = new byte[Math.min(lengths[index], most)];
    buffer.getBytes(start + offsets[index], bytes);
    return bytes;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  /** Told by the command table once the command is known. */
  public void readOnly(boolean value) {
    readOnly = value;
  }

  @Override
  public boolean callsScript() {
    long name = nameWord(0);
    return (name & 0xFFFF_FFFFL) == EVAL || (name & 0xFF_FFFF_FFFFL) == FCALL;
  }

  @Override
  public RequestFrame detached() {
    RequestFrame copy = new RequestFrame();
    copy.buffer = Unpooled.copiedBuffer(buffer.slice(start, length));
    copy.length = length;
    copy.count = count;
    copy.offsets = Arrays.copyOf(offsets, count);
    copy.lengths = Arrays.copyOf(lengths, count);
    copy.readOnly = readOnly;
    return copy;
  }

  /** Upper-case bytes {@code 8 * word} and on of the command's name, the first one lowest. */
  public long nameWord(int word) {
    int from = 8 * word;
    int size = Math.min(lengths[0] - from, 8);
    int index = start + offsets[0] + from;
    if (size > 0 && buffer.writerIndex() - index >= Long.BYTES) {
      return upperCase(buffer.getLongLE(index) & (-1L >>> (Long.SIZE - 8 * size)));
    }
    long packed = 0;
    for (int i = 0; i < size; i++) {
      packed |= (buffer.getByte(index + i) & 0xFFL) << (8 * i);
    }
    return upperCase(packed);
  }

  /** Eight bytes at once: the highest bit of each tells whether it is a small letter. */
  private static long upperCase(long bytes) {
    long low = bytes & ~HIGHEST;
    long fromA = low + EACH * (0x80 - 'a');
    long behindZ = low + EACH * (0x7F - 'z');
    long small = fromA & ~behindZ & ~bytes & HIGHEST;
    return bytes - (small >>> 2);
  }

  /** Bytes of memory that a frame of many arguments takes to tell where they stand. */
  int tableBytes() {
    return offsets.length > LARGE ? 2 * Integer.BYTES * offsets.length : 0;
  }

  void clear() {
    count = 0;
    readOnly = false;
    if (offsets.length > LARGE) {
      offsets = new int[SMALL];
      lengths = new int[SMALL];
    }
  }

  void add(int offset, int argumentLength) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    offsets[count] = offset;
    lengths[count++] = argumentLength;
  }

  void complete(ByteBuf in, int frameStart, int frameLength) {
    buffer = in;
    start = frameStart;
    length = frameLength;
  }
}
