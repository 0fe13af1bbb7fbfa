package io.ringmaster.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class FailingAllocatorTest {

  private final FailingAllocator allocator = new FailingAllocator();

  @Test
  void allSucceedUntilItIsTold() {
    for (int i = 0; i < 100; i++) {
      allocator.buffer().release();
    }
    assertThat(allocator.failures()).isZero();
  }

  @Test
  void oneInSoManyFails() {
    allocator.failEvery(3);
    for (int round = 1; round <= 2; round++) {
      allocator.directBuffer(10).release();
      allocator.heapBuffer(10).release();
      assertThatThrownBy(() -> allocator.directBuffer(10)).isInstanceOf(OutOfMemoryError.class);
      assertThat(allocator.failures()).isEqualTo(round);
    }
    allocator.failEvery(0);
    allocator.directBuffer(10).release();
  }

  @Test
  void growingFailsAsWell() {
    ByteBuf buffer = allocator.directBuffer(10);
    allocator.failEvery(1);
    assertThatThrownBy(() -> buffer.writeZero(1000)).isInstanceOf(OutOfMemoryError.class);
    buffer.release();
  }
}
