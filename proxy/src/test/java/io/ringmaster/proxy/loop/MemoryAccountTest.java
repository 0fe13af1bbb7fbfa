package io.ringmaster.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.protocol.codec.NoRoomException;
import org.junit.jupiter.api.Test;

class MemoryAccountTest {

  private static final long LIMIT = 64 * MemoryAccount.PORTION;

  private final MemoryBudget budget = new MemoryBudget(LIMIT);
  private final MemoryAccount one = new MemoryAccount(budget);
  private final MemoryAccount two = new MemoryAccount(budget);

  @Test
  void drawsPortionsAndKeepsThemForAWhile() {
    one.add(1);
    assertThat(budget.drawn()).isEqualTo(MemoryAccount.PORTION);
    one.add(MemoryAccount.PORTION);
    assertThat(budget.drawn()).isEqualTo(2 * MemoryAccount.PORTION);
    one.add(-MemoryAccount.PORTION);
    assertThat(budget.drawn()).isEqualTo(2 * MemoryAccount.PORTION);
    one.add(10 * MemoryAccount.PORTION);
    one.add(-10 * MemoryAccount.PORTION - 1);
    assertThat(budget.drawn()).isZero();
  }

  @Test
  void whatOneLoopHoldsIsNotFreeForTheOther() {
    one.add(LIMIT / 2);
    assertThat(two.free()).isEqualTo(LIMIT / 2);
    assertThat(two.admits(LIMIT / 4, 0)).isTrue();
    assertThat(two.admits(LIMIT / 4 + 1, 0)).isFalse();
    two.add(LIMIT / 4);
    assertThat(two.admits(LIMIT / 4, LIMIT / 4)).isTrue();
    assertThat(one.share()).isEqualTo(LIMIT / 8);
  }

  @Test
  void nothingIsCountedOfWhatThereIsNoRoomFor() {
    one.take(LIMIT);
    assertThatThrownBy(() -> two.take(MemoryAccount.LITTLE + 1))
        .isInstanceOf(NoRoomException.class);
    assertThat(two.used()).isZero();
    one.giveBack(LIMIT);
    two.take(LIMIT);
    assertThat(two.free()).isZero();
  }

  @Test
  void littleIsNeverRefused() {
    one.add(LIMIT + 1);
    two.take(MemoryAccount.LITTLE);
    assertThat(two.used()).isEqualTo(MemoryAccount.LITTLE);
  }

  @Test
  void whatIsThereAnywayMayBeMoreThanThereIs() {
    one.add(LIMIT + 1);
    assertThat(one.free()).isEqualTo(-1);
    assertThat(two.free()).isNegative();
  }

  @Test
  void whatSomebodyLacksIsToldToEachLoopOnce() {
    one.add(LIMIT / 2);
    two.want(LIMIT / 2 + 1);
    assertThat(one.takeWanted()).isZero();
    two.want(LIMIT / 2);
    assertThat(one.takeWanted()).isEqualTo(LIMIT / 2);
    assertThat(one.takeWanted()).isZero();
    assertThat(two.takeWanted()).isEqualTo(LIMIT / 2);
    one.add(-LIMIT / 2);
    two.want(LIMIT / 2);
    assertThat(one.takeWanted()).isZero();
  }
}
