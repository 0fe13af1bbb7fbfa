package io.ringmaster.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ringmaster.protocol.memory.FailingAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final DataLoop loop =
      new DataLoop(
          channel.eventLoop(), channel.alloc(), MemoryBudget.endless(), new Faults(() -> {}));
  private final Output output = new Output(channel, loop, true);
  private final Random random = new Random(1);

  @AfterEach
  void release() {
    output.discard();
    channel.finishAndReleaseAll();
    loop.close();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 511, 512, 513, 4_095, 4_096, 16_383, 16_384, 65_535, 65_536, 65_537, 1_000_000})
  void bytesOfAnySizeComeOutAsTheyWere(int size) {
    byte[] bytes = random(size);
    output.write(bytes);
    ByteBuf source = Unpooled.wrappedBuffer(bytes);
    output.write(source, 0, size);
    output.writeOwned(source.retainedDuplicate());
    assertThat(output.pendingBytes()).isEqualTo(3L * size);
    assertThat(written()).isEqualTo(concat(bytes, bytes, bytes));
    assertThat(output.pendingBytes()).isZero();
    source.release();
    assertThat(source.refCnt()).isEqualTo(size == 0 ? 1 : 0);
  }

  @Test
  void framesOfMixedSizesKeepTheirOrder() {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] bytes = random(random.nextInt(5) == 0 ? random.nextInt(100_000) : random.nextInt(100));
      all.add(bytes);
      switch (i % 3) {
        case 0 -> output.write(bytes);
        case 1 -> output.writeOwned(Unpooled.copiedBuffer(bytes));
        default -> writeAndRelease(Unpooled.copiedBuffer(bytes));
      }
    }
    assertThat(written()).isEqualTo(concat(all.toArray(new byte[0][])));
  }

  @Test
  void aCompositeIsPassedOnInParts() {
    byte[] bytes = random(90_000);
    CompositeByteBuf composite = Unpooled.compositeBuffer();
    List<ByteBuf> parts = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += 30_000) {
      ByteBuf part = Unpooled.copiedBuffer(bytes, from, 30_000);
      parts.add(part);
      composite.addComponent(true, part);
    }
    output.write(composite, 10_000, 70_000);
    output.writeOwned(composite);
    assertThat(written()).isEqualTo(concat(Arrays.copyOfRange(bytes, 10_000, 80_000), bytes));
    assertThat(parts).allMatch(part -> part.refCnt() == 0);
  }

  @Test
  void writesNothingBeforeItIsOpened() {
    Output held = new Output(channel, loop, false);
    held.write(new byte[] {1, 2});
    channel.runPendingTasks();
    assertThat(channel.<ByteBuf>readOutbound()).isNull();
    held.open();
    assertThat(written()).containsExactly(1, 2);
  }

  @Test
  void discardsWhatWasNotWritten() {
    ByteBuf large = Unpooled.copiedBuffer(random(20_000));
    output.writeOwned(large);
    output.write(new byte[10]);
    output.discard();
    assertThat(large.refCnt()).isZero();
    assertThat(written()).isEmpty();
  }

  @Test
  void aWriteThatHasNoRoomTakesNothingOver() {
    FailingAllocator failing = new FailingAllocator();
    EmbeddedChannel full = new EmbeddedChannel();
    full.config().setAllocator(failing);
    Output none = new Output(full, loop, true);
    failing.failEvery(1);
    ByteBuf owned = Unpooled.copiedBuffer(new byte[10]);
    assertThatThrownBy(() -> none.writeOwned(owned)).isInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(() -> none.write(new byte[10])).isInstanceOf(OutOfMemoryError.class);
    assertThat(owned.refCnt()).isZero();
    assertThat(none.pendingBytes()).isZero();
    none.discard();
    full.finishAndReleaseAll();
  }

  @Test
  void aFailingResumptionKeepsNobodyFromBeingFlushed() {
    loop.resumeLater(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    output.write(new byte[] {1});
    assertThat(written()).containsExactly(1);
    output.write(new byte[] {2});
    assertThat(written()).containsExactly(2);
  }

  @Test
  void aResumptionMayAskForAnother() {
    List<String> run = new ArrayList<>();
    loop.resumeLater(
        () -> {
          run.add("first");
          loop.resumeLater(() -> run.add("second"));
          output.write(new byte[] {7});
        });
    assertThat(written()).containsExactly(7);
    assertThat(run).containsExactly("first", "second");
  }

  private void writeAndRelease(ByteBuf buffer) {
    output.write(buffer, 0, buffer.readableBytes());
    buffer.release();
  }

  /** What has left the channel after the loop's iteration. */
  private byte[] written() {
    channel.runPendingTasks();
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes).release();
    return bytes;
  }

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] concat(byte[]... parts) {
    ByteBuf all = Unpooled.wrappedBuffer(parts);
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    return bytes;
  }
}
