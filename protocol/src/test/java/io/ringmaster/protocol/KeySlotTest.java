package io.ringmaster.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySlotTest {

  /** Values that {@code CLUSTER KEYSLOT} gives; the CRC16 of 123456789 is 0x31C3. */
  @ParameterizedTest
  @CsvSource({"foo, 12182", "bar, 5061", "123456789, 12739", "'', 0", "{foo}bar, 12182"})
  void isWhatRedisClusterSays(String key, int slot) {
    assertThat(KeySlot.of(key.getBytes(UTF_8))).isEqualTo(slot);
  }

  @Test
  void isTheBitwiseDivisionForEachLength() {
    Random random = new Random(16);
    for (int length = 0; length <= 300; length++) {
      byte[] key = new byte[length + 2];
      random.nextBytes(key);
      for (int i = 0; i < key.length; i++) {
        key[i] = key[i] == '{' ? 0 : key[i];
      }
      assertThat(KeySlot.of(key, 1, length)).as("length %d", length).isEqualTo(divide(key, length));
    }
  }

  private static int divide(byte[] key, int length) {
    int rest = 0;
    for (int i = 1; i <= length; i++) {
      rest ^= (key[i] & 0xFF) << 8;
      for (int bit = 0; bit < 8; bit++) {
        rest = (rest & 0x8000) != 0 ? (rest << 1) ^ 0x1021 : rest << 1;
      }
    }
    return rest & 0x3FFF;
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
