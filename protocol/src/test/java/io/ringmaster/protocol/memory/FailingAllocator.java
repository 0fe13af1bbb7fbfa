package io.ringmaster.protocol.memory;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers without a pool, of which one in so many cannot be had: the error is that of a process
 * whose memory is used up. A buffer that grows counts as another one. Any thread.
 */
public final class FailingAllocator extends AbstractByteBufAllocator {

  private final AtomicInteger untilFailure = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int every;

  /** An allocator that does not fail yet. */
  public FailingAllocator() {
    super(true);
  }

  /** From now on one allocation in {@code number} fails; 0 lets all succeed. */
  public void failEvery(int number) {
    untilFailure.set(number);
    every = number;
  }

  /** How many allocations have failed. */
  public int failures() {
    return failures.get();
  }

  private void allocating() {
    int number = every;
    if (number > 0 && untilFailure.decrementAndGet() <= 0) {
      untilFailure.set(number);
      failures.incrementAndGet();
      throw new OutOfMemoryError("on purpose");
    }
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    allocating();
    return toLeakAwareBuffer(new Heap(initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    allocating();
    return toLeakAwareBuffer(new Direct(initialCapacity, maxCapacity));
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  private final class Heap extends UnpooledHeapByteBuf {

    Heap(int initialCapacity, int maxCapacity) {
      super(FailingAllocator.this, initialCapacity, maxCapacity);
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
      if (newCapacity > capacity()) {
        allocating();
      }
      return super.capacity(newCapacity);
    }
  }

  private final class Direct extends UnpooledDirectByteBuf {

    Direct(int initialCapacity, int maxCapacity) {
      super(FailingAllocator.this, initialCapacity, maxCapacity);
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
      if (newCapacity > capacity()) {
        allocating();
      }
      return super.capacity(newCapacity);
    }
  }
}
