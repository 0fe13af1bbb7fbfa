package io.ringmaster.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator.Handle;
import io.ringmaster.protocol.memory.FailingAllocator;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation")
class SharedReceiveBufferTest {

  private final FailingAllocator allocator = new FailingAllocator();
  private final SharedReceiveBuffer buffers =
      new SharedReceiveBuffer(new MemoryAccount(MemoryBudget.endless()));
  private final Handle handle = buffers.newHandle();

  @Test
  void aBufferThatNobodyKeepsIsUsedAgain() {
    ByteBuf first = handle.allocate(allocator);
    first.release();
    assertThat(handle.allocate(allocator)).isSameAs(first);
    first.release();
    buffers.release();
    assertThat(first.refCnt()).isZero();
  }

  @Test
  void aBufferThatCouldNotBeReplacedIsNotUsedTwice() {
    ByteBuf kept = handle.allocate(allocator);
    allocator.failEvery(1);
    assertThatThrownBy(() -> handle.allocate(allocator)).isInstanceOf(OutOfMemoryError.class);
    allocator.failEvery(0);
    ByteBuf next = handle.allocate(allocator);
    assertThat(next).isNotSameAs(kept);
    assertThat(kept.refCnt()).isEqualTo(1);
    kept.release();
    next.release();
    buffers.release();
    assertThat(next.refCnt()).isZero();
  }
}
