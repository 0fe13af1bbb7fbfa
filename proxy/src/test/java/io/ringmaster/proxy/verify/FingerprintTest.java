package io.ringmaster.proxy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.proxy.verify.Difference.Kind;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  private static final long NOW = 1_000_000;
  private static final long AHEAD = NOW + 60_000;
  private static final Fingerprint ABSENT = new Fingerprint(NOW, "none", -1, 0, 0, "");

  @Test
  void equalContentIsNoDifferenceWhateverItsSize() {
    assertThat(Fingerprint.difference(text("a", -1), text("a", -1))).isEmpty();
    assertThat(Fingerprint.difference(text("a", -1), text("b", -1))).contains(Kind.VALUE);
    Fingerprint fewerBytes = new Fingerprint(NOW, "string", -1, 5, 40, "a");
    assertThat(Fingerprint.difference(text("a", -1), fewerBytes)).isEmpty();
  }

  @Test
  void theTypeComesFirst() {
    Fingerprint list = new Fingerprint(NOW, "list", -1, 5, 64, "b");
    assertThat(Fingerprint.difference(text("a", -1), list)).contains(Kind.TYPE);
  }

  @Test
  void ofLargeValuesOnlyTheLengthIsCompared() {
    Fingerprint large = new Fingerprint(NOW, "string", -1, 5, 64, "");
    assertThat(large.isLarge()).isTrue();
    assertThat(Fingerprint.difference(text("a", -1), large)).isEmpty();
    Fingerprint longer = new Fingerprint(NOW, "string", -1, 6, 64, "");
    assertThat(Fingerprint.difference(large, longer)).contains(Kind.VALUE);
  }

  @Test
  void timesToLiveAreComparedLoosely() {
    assertThat(Fingerprint.difference(text("a", AHEAD), text("a", AHEAD + 500))).isEmpty();
    assertThat(Fingerprint.difference(text("a", AHEAD), text("a", AHEAD + 5000)))
        .contains(Kind.TTL);
    assertThat(Fingerprint.difference(text("a", AHEAD), text("a", -1))).contains(Kind.TTL);
    assertThat(Fingerprint.difference(text("a", -1), text("a", 0))).contains(Kind.TTL);
  }

  @Test
  void aKeyMayBeAbsentWhereItHasEnded() {
    assertThat(Fingerprint.difference(text("a", -1), ABSENT)).contains(Kind.MISSING);
    assertThat(Fingerprint.difference(ABSENT, text("a", -1))).contains(Kind.EXTRA);
    assertThat(Fingerprint.difference(text("a", AHEAD), ABSENT)).contains(Kind.MISSING);
    Fingerprint absentLater = new Fingerprint(AHEAD, "none", -1, 0, 0, "");
    assertThat(Fingerprint.difference(text("a", AHEAD), absentLater)).isEmpty();
    assertThat(Fingerprint.difference(absentLater, text("a", AHEAD))).isEmpty();
    assertThat(Fingerprint.difference(ABSENT, ABSENT)).isEmpty();
  }

  private static Fingerprint text(String digest, long deadline) {
    return new Fingerprint(NOW, "string", deadline, 5, 64, digest);
  }
}
