package io.ringmaster.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a task throws, the others have their turn. */
class DataLoopTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicInteger faults = new AtomicInteger();
  private final DataLoop loop =
      new DataLoop(
          channel.eventLoop(),
          channel.alloc(),
          MemoryBudget.endless(),
          new Faults(faults::incrementAndGet));
  private final List<String> done = new ArrayList<>();

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
    loop.close();
  }

  private static void runOutOfMemory() {
    throw new OutOfMemoryError("on purpose");
  }

  @Test
  void aResumptionThatRunsOutOfMemoryKeepsNobodyFromGoingOn() {
    loop.resumeLater(DataLoopTest::runOutOfMemory);
    loop.resumeLater(() -> done.add("next"));
    channel.runPendingTasks();
    loop.resumeLater(() -> done.add("later"));
    channel.runPendingTasks();
    assertThat(done).containsExactly("next", "later");
    assertThat(faults).hasValue(1);
  }

  @Test
  void aTimerThatThrowsRunsAgain() {
    channel.freezeTime();
    loop.every(10, DataLoopTest::runOutOfMemory);
    loop.schedule(10, DataLoopTest::runOutOfMemory);
    for (int i = 0; i < 3; i++) {
      channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
    assertThat(faults).hasValue(4);
  }

  @Test
  void anOutputThatCannotBeFlushedEndsItsConnectionOnly() {
    List<Throwable> caught = new ArrayList<>();
    EmbeddedChannel broken =
        new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext context) {
                runOutOfMemory();
              }
            },
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                caught.add(cause);
              }
            });
    Output first = new Output(broken, loop, true);
    Output second = new Output(channel, loop, true);
    first.write(new byte[10]);
    second.write(new byte[10]);
    channel.runPendingTasks();
    assertThat(caught).hasSize(1).first().isInstanceOf(OutOfMemoryError.class);
    ByteBuf written = channel.readOutbound();
    assertThat(written.readableBytes()).isEqualTo(10);
    written.release();
    broken.releaseOutbound();
    first.discard();
  }
}
