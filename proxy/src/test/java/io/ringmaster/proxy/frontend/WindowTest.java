package io.ringmaster.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowTest {

  private static final int MEBIBYTE = 1024 * 1024;
  private static final long ENOUGH = Long.MAX_VALUE;

  private final Window window = new Window(100, MEBIBYTE);

  @Test
  void aNewClientBeginsWithFewRequests() {
    assertThat(fill(20)).isEqualTo(4);
  }

  @Test
  void smallRepliesSoonLeaveOnlyTheNumberAsTheBound() {
    for (int i = 0; i < 50; i++) {
      oneRequest(20, 10);
    }
    assertThat(fill(20)).isEqualTo(100);
  }

  @Test
  void oneLargeReplyNarrowsItAtOnce() {
    for (int i = 0; i < 50; i++) {
      oneRequest(20, 10);
    }
    oneRequest(20, MEBIBYTE);
    assertThat(fill(20)).isEqualTo(1);
  }

  @Test
  void requestsAndRepliesThatWaitCount() {
    for (int i = 0; i < 50; i++) {
      oneRequest(20, 10);
    }
    window.opened(MEBIBYTE);
    assertThat(window.isOpen(0, ENOUGH)).isFalse();
    window.settled(MEBIBYTE, 0);
    assertThat(window.isOpen(0, ENOUGH)).isTrue();
    window.opened(10);
    window.settled(10, MEBIBYTE);
    assertThat(window.heldBytes()).isEqualTo(MEBIBYTE);
    assertThat(window.isOpen(0, ENOUGH)).isFalse();
  }

  @Test
  void withNothingInFlightOneRequestIsTakenUnlessRepliesWaitToBeRead() {
    assertThat(window.isOpen(MEBIBYTE - 1, ENOUGH)).isTrue();
    assertThat(window.isOpen(MEBIBYTE, ENOUGH)).isFalse();
    assertThat(window.isOpen(0, -1)).isTrue();
    assertThat(window.isOpen(1, -1)).isFalse();
  }

  @Test
  void aClientHoldsNoMoreThanItsShareOfTheMemory() {
    for (int i = 0; i < 50; i++) {
      oneRequest(20, 10);
    }
    window.opened(1000);
    assertThat(window.isOpen(0, 1000 + Window.PLACE_BYTES)).isFalse();
    assertThat(window.isOpen(0, 2000 + Window.PLACE_BYTES)).isTrue();
    assertThat(window.isOpen(1000, 2000 + Window.PLACE_BYTES)).isFalse();
  }

  @Test
  void comesBackToNothing() {
    for (int i = 0; i < 1000; i++) {
      oneRequest(i, 3 * i);
    }
    assertThat(window.commands()).isZero();
    assertThat(window.heldBytes()).isZero();
  }

  private int fill(int bytes) {
    int opened = 0;
    while (window.isOpen(0, ENOUGH)) {
      window.opened(bytes);
      opened++;
    }
    return opened;
  }

  private void oneRequest(int requestBytes, int replyBytes) {
    window.opened(requestBytes);
    window.settled(requestBytes, replyBytes);
    window.released(replyBytes);
  }
}
