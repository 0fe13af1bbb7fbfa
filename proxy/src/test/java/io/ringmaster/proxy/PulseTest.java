package io.ringmaster.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.ringmaster.cluster.topology.NodeId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {

  private static final NodeId A = NodeId.parse("10.0.0.1:6379");
  private static final NodeId B = NodeId.parse("10.0.0.2:6379");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AtomicLong now = new AtomicLong(1000);
  private final Pulse pulse = new Pulse(now::get, PooledByteBufAllocator.DEFAULT);

  @Test
  void aLoopThatDoesNotBeatHasStalled() {
    pass(10_000);
    assertThat(pulse.stalled(LIMIT)).isEmpty();
    pass(1);
    assertThat(pulse.stalled(LIMIT)).isEqualTo("it has run nothing for 10001 ms");
    pulse.beat(false, Set.of());
    assertThat(pulse.stalled(LIMIT)).isEmpty();
  }

  @Test
  void aLoopThatGetsNoMemoryForAWhileIsNotWell() {
    boolean[] exhausted = {true};
    Pulse poor = new Pulse(now::get, new Exhaustible(exhausted));
    beatFor(poor, 11, false, Set.of());
    assertThat(poor.memoryless(LIMIT)).startsWith("it gets no memory");
    assertThat(poor.stalled(LIMIT)).isEmpty();
    exhausted[0] = false;
    beatFor(poor, 1, false, Set.of());
    assertThat(poor.memoryless(LIMIT)).isEmpty();
  }

  @Test
  void aLoopThatHearsNothingOfAServerThatAnswersProbesIsNotWell() {
    beatFor(pulse, 11, false, Set.of(A, B));
    assertThat(pulse.deaf(LIMIT, B::equals))
        .contains("hears nothing from servers", "[10.0.0.2:6379]");
    pulse.beat(true, Set.of(A, B));
    assertThat(pulse.deaf(LIMIT, B::equals)).isEmpty();
  }

  @Test
  void aLoopIsWellWhileTheServersThatItWaitsForAreDown() {
    beatFor(pulse, 11, false, Set.of(A));
    assertThat(pulse.deaf(LIMIT, node -> false)).isEmpty();
    assertThat(pulse.deaf(LIMIT, B::equals)).isEmpty();
  }

  @Test
  void aLoopIsWellWhileNobodyWaitsForServers() {
    beatFor(pulse, 60, false, Set.of());
    pulse.beat(false, Set.of(A));
    assertThat(pulse.deaf(LIMIT, A::equals)).isEmpty();
  }

  @Test
  void aServerIsAwaitedBetweenTwoAttemptsToReachIt() {
    for (int i = 0; i < 11; i++) {
      beatFor(pulse, 1, false, Set.of());
      beatFor(pulse, 1, false, Set.of(A));
    }
    assertThat(pulse.deaf(LIMIT, A::equals)).isNotEmpty();
  }

  private void pass(int millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void beatFor(Pulse beaten, int seconds, boolean heard, Set<NodeId> awaited) {
    for (int i = 0; i < seconds; i++) {
      pass(1000);
      beaten.beat(heard, awaited);
    }
  }

  /** Has no memory while it is told so. */
  private static final class Exhaustible extends PooledByteBufAllocator {
    private final boolean[] exhausted;

    Exhaustible(boolean[] exhausted) {
      this.exhausted = exhausted;
    }

    @Override
    public ByteBuf directBuffer(int capacity) {
      if (exhausted[0]) {
        throw new OutOfMemoryError("of this test");
      }
      return super.directBuffer(capacity);
    }
  }
}
