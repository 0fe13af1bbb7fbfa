package io.ringmaster.proxy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TidingsTest {

  private static final Findings FIRST = Findings.NONE.withDrained(Map.of("s1", 5L));
  private static final Findings SECOND = FIRST.withDrained(Map.of());
  private static final Acknowledgement LOGGED = new Acknowledgement("c1", "run", 4, FIRST);

  private final Tidings tidings = new Tidings();

  private Acknowledgement after(Acknowledgement logged) {
    return tidings.after(List.of(logged)).getFirst();
  }

  @Test
  void whatWasToldSinceCounts() {
    tidings.hear(new Heartbeat("c1", "run", 6, SECOND));
    assertThat(after(LOGGED)).isEqualTo(new Acknowledgement("c1", "run", 6, SECOND));
  }

  @Test
  void whatWasOvertakenDoesNot() {
    tidings.hear(new Heartbeat("c1", "run", 6, SECOND));
    tidings.hear(new Heartbeat("c1", "run", 4, FIRST));
    assertThat(after(LOGGED).findings()).isEqualTo(SECOND);
    assertThat(after(LOGGED).epoch()).isEqualTo(6);

    Findings third = SECOND.withSuspects(Map.of("s1", 2L));
    assertThat(after(new Acknowledgement("c1", "run", 7, third)))
        .isEqualTo(new Acknowledgement("c1", "run", 7, third));
  }

  @Test
  void anotherRunHasNotSaidIt() {
    tidings.hear(new Heartbeat("c1", "run before", 6, SECOND));
    assertThat(after(LOGGED)).isEqualTo(LOGGED);
    assertThat(tidings.after(List.of())).isEmpty();
  }

  @Test
  void onlySoManyAreRemembered() {
    for (int i = 0; i <= MetadataState.COORDINATORS; i++) {
      tidings.hear(new Heartbeat("c" + i, "run", 6, SECOND));
    }
    assertThat(after(LOGGED)).isEqualTo(LOGGED);
  }
}
