package io.ringmaster.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "*, abc, true",
    "a*c, abbbc, true",
    "a*c, abbbd, false",
    "*a*b*, xxaxxbxx, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "[ab]c, bc, true",
    "[ab]c, cc, false",
    "[a-c]x, bx, true",
    "[c-a]x, bx, true",
    "[A-C]x, bX, true",
    "[^a-c]x, bx, false",
    "[^a-c]x, dx, true",
    "[\\]a]x, ']x', true",
    "a\\*c, a*c, true",
    "a\\*c, abc, false",
    "[abc, b, true",
    "[abc, d, false",
    "ABC, abc, true",
    "abc, ABC, true",
    "'', '', true",
    "'', a, false",
    "*[0-9], max7, true"
  })
  void matchesAsRedisDoes(String pattern, String text, boolean matches) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
  }

  @Test
  void takesNoTimeForWhatCannotMatch() {
    assertThat(new Glob("a*".repeat(1000) + "b").matches("a".repeat(10_000))).isFalse();
  }
}
