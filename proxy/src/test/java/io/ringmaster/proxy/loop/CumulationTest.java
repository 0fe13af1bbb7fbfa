package io.ringmaster.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringmaster.protocol.codec.Slices;
import io.ringmaster.protocol.memory.FailingAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CumulationTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final MemoryBudget budget = new MemoryBudget(1L << 40);
  private final Cumulation cumulation = cumulation(ByteBufAllocator.DEFAULT);
  private final List<ByteBuf> chunks = new ArrayList<>();

  private Cumulation cumulation(ByteBufAllocator allocator) {
    return new Cumulation(
        new DataLoop(channel.eventLoop(), allocator, budget, new Faults(() -> {})));
  }

  @AfterEach
  void nothingIsCountedAnyMore() {
    assertThat(budget.drawn()).isLessThanOrEqualTo(2 * MemoryAccount.PORTION);
  }

  @Test
  void nothingKeptReturnsTheChunkItself() {
    ByteBuf chunk = chunk(100);
    assertThat(cumulation.append(chunk)).isSameAs(chunk);
    chunk.skipBytes(100);
    cumulation.keep(chunk);
    assertThat(cumulation.isEmpty()).isTrue();
    assertThat(chunk.refCnt()).isZero();
  }

  @Test
  void fewBytesAreCopiedSoThatTheirChunkIsFree() {
    ByteBuf chunk = cumulation.append(chunk(60_000));
    chunk.skipBytes(59_990);
    cumulation.keep(chunk);
    assertThat(chunk.refCnt()).isZero();
    assertThat(cumulation.size()).isEqualTo(10);
    cumulation.release();
    assertThat(cumulation.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1000, 40_000, 65_536, 200_000})
  void frameByFrameNothingIsLostAndNothingIsHeld(int largest) {
    Random random = new Random(largest);
    int sent = 0;
    int read = 0;
    for (int i = 0; i < 2000; i++) {
      int size = 1 + random.nextInt(largest);
      ByteBuf in = cumulation.append(numbered(sent, size));
      sent += size;
      assertThat(in.readableBytes()).isEqualTo(sent - read);
      int take = random.nextInt(in.readableBytes() + 1);
      for (int j = 0; j < Math.min(take, 50); j++) {
        assertThat(in.getByte(in.readerIndex() + j)).isEqualTo((byte) (read + j));
      }
      in.skipBytes(take);
      read += take;
      cumulation.keep(in);
      assertThat(cumulation.size()).isEqualTo(sent - read);
    }
    cumulation.release();
    assertThat(chunks).allMatch(chunk -> chunk.refCnt() == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 50_000, 150_000})
  void aSliceThatSomebodyKeepsStaysAsItIs(int size) {
    ByteBuf first = cumulation.append(numbered(0, size));
    cumulation.keep(first);
    ByteBuf in = cumulation.append(numbered(size, size));
    ByteBuf slice = Slices.retained(in, in.readerIndex() + size / 2, size);
    in.skipBytes(size + size / 2);
    cumulation.keep(in);
    cumulation.keep(cumulation.append(numbered(2 * size, size)));
    cumulation.keep(cumulation.append(numbered(3 * size, size)));
    for (int i = 0; i < size; i++) {
      assertThat(slice.getByte(i)).isEqualTo((byte) (size / 2 + i));
    }
    slice.release();
    cumulation.release();
    assertThat(slice.refCnt()).isZero();
    assertThat(chunks).allMatch(chunk -> chunk.refCnt() == 0);
  }

  @Test
  void reservesNoMoreThanWasReceived() {
    UnpooledByteBufAllocator counted = new UnpooledByteBufAllocator(true);
    Cumulation dripping = cumulation(counted);
    for (int i = 0; i < 3000; i++) {
      dripping.keep(dripping.append(Unpooled.wrappedBuffer(new byte[100])));
    }
    assertThat(dripping.size()).isEqualTo(300_000);
    assertThat(counted.metric().usedDirectMemory()).isLessThan(500_000);
    dripping.release();
    assertThat(counted.metric().usedDirectMemory()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 20_000, 30_000})
  void whatCannotBeKeptIsDropped(int size) {
    FailingAllocator failing = new FailingAllocator();
    Cumulation full = cumulation(failing);
    int failures = 0;
    while (failing.failures() < 30) {
      failing.failEvery(1 + failures % 3);
      try {
        for (int i = 0; i < 10; i++) {
          full.keep(full.append(chunk(size)));
        }
        full.release();
      } catch (OutOfMemoryError none) {
        failures++;
        assertThat(full.isEmpty()).isTrue();
        assertThat(chunks).allMatch(chunk -> chunk.refCnt() == 0);
      }
    }
    assertThat(failures).isPositive();
  }

  private ByteBuf chunk(int size) {
    return numbered(0, size);
  }

  private ByteBuf numbered(int from, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (from + i);
    }
    ByteBuf chunk = Unpooled.copiedBuffer(bytes);
    chunks.add(chunk);
    return chunk;
  }
}
