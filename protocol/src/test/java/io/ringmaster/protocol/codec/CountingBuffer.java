package io.ringmaster.protocol.codec;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Counts the bytes that are looked at. */
final class CountingBuffer extends UnpooledHeapByteBuf {

  private long looks;

  CountingBuffer() {
    super(ByteBufAllocator.DEFAULT, 16, Integer.MAX_VALUE);
  }

  long looks() {
    return looks;
  }

  @Override
  public byte getByte(int index) {
    looks++;
    return super.getByte(index);
  }

  @Override
  public int indexOf(int from, int to, byte value) {
    int found = super.indexOf(from, to, value);
    looks += (found < 0 ? to : found) - from;
    return found;
  }
}
