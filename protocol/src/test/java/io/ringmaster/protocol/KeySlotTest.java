package io.ringmaster.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySlotTest {

  /** Values that {@code CLUSTER KEYSLOT} gives; the CRC16 of 123456789 is 0x31C3. */
  @ParameterizedTest
  @CsvSource({"foo, 12182", "bar, 5061", "123456789, 12739", "'', 0", "{foo}bar, 12182"})
  void isWhatRedisClusterSays(String key, int slot) {
    assertThat(KeySlot.of(key.getBytes(UTF_8))).isEqualTo(slot);
  }

  @ParameterizedTest
  @CsvSource({"{user}.a, user", "x{t}y, t", "a{b}{c}, b", "{{x}}, {x"})
  void hashesTheFirstTagOnly(String key, String tag) {
    assertThat(KeySlot.of(key.getBytes(UTF_8))).isEqualTo(KeySlot.of(tag.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @CsvSource({"{}a, {}b", "{a, {b"})
  void anEmptyOrOpenTagIsNone(String key, String other) {
    assertThat(KeySlot.of(key.getBytes(UTF_8))).isNotEqualTo(KeySlot.of(other.getBytes(UTF_8)));
  }
}
