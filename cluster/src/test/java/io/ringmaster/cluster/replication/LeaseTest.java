package io.ringmaster.cluster.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.spi.Clock.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private static final long MILLI = 1_000_000;

  // Monotonic clocks begin anywhere; this one runs over during the test.
  private long nanos = Long.MAX_VALUE - 1000 * MILLI;
  private long wallMillis = 1_700_000_000_000L;
  private final Lease lease = new Lease(this::now, Duration.ofSeconds(3), Duration.ofMillis(200));

  private Moment now() {
    return new Moment(nanos, wallMillis);
  }

  private void pass(long millis) {
    nanos += millis * MILLI;
    wallMillis += millis;
  }

  @Test
  void isNotHeldBeforeItWasGranted() {
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void countsFromTheQuestionNotFromTheAnswer() {
    Moment asked = now();
    pass(1000);
    lease.granted(asked);
    pass(1769);
    assertThat(lease.isHeld()).isTrue();
    pass(1);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void anAnswerThatTookTooLongGrantsNothing() {
    Moment asked = now();
    pass(4000);
    lease.granted(asked);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void isRenewedAndNeverShortened() {
    Moment first = now();
    pass(500);
    Moment second = now();
    lease.granted(second);
    lease.granted(first);
    pass(2700);
    assertThat(lease.isHeld()).isTrue();
    lease.granted(now());
    pass(2700);
    assertThat(lease.isHeld()).isTrue();
  }

  @Test
  void aMonotonicClockThatStoodStillDropsIt() {
    lease.granted(now());
    wallMillis += 200;
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void aSuspendBetweenQuestionAndAnswerIsNoticed() {
    Moment asked = now();
    wallMillis += 60_000;
    lease.granted(asked);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void aWallClockThatIsSetDropsItUntilTheNextGrant() {
    lease.granted(now());
    wallMillis -= 200;
    assertThat(lease.isHeld()).isFalse();
    wallMillis += 200;
    assertThat(lease.isHeld()).isFalse();
    lease.granted(now());
    assertThat(lease.isHeld()).isTrue();
  }

  @Test
  void aClockThatStoodStillUnnoticedDoesNotProlongIt() {
    lease.granted(now());
    wallMillis += 199;
    assertThat(lease.isHeld()).isTrue();
    pass(2970 - 199);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void oneIsEndless() {
    assertThat(Lease.ALWAYS.isEndless()).isTrue();
    assertThat(Lease.ALWAYS.isHeld()).isTrue();
    assertThat(lease.isEndless()).isFalse();
  }
}
