package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScriptCacheTest {

  private static final int SIZE = 40_000;

  private final ScriptCache cache = new ScriptCache(100_000);

  @Test
  void findsAScriptByItsDigestInEitherCase() {
    byte[] script = "return 1".getBytes(StandardCharsets.US_ASCII);
    cache.add(script);
    String known = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";
    assertThat(cache.find(known.getBytes(StandardCharsets.US_ASCII))).isEqualTo(script);
    String upper = known.toUpperCase(Locale.ROOT);
    assertThat(cache.find(upper.getBytes(StandardCharsets.US_ASCII))).isEqualTo(script);
    assertThat(cache.find(new byte[] {1, -1})).isNull();
  }

  @Test
  void theScriptUsedLeastRecentlyGoesFirst() {
    cache.add(script('a'));
    cache.add(script('b'));
    assertThat(find('a')).isNotNull();
    cache.add(script('c'));
    assertThat(find('b')).isNull();
    assertThat(find('a')).isNotNull();
    assertThat(find('c')).isNotNull();
  }

  @Test
  void theSameScriptCountsOnce() {
    cache.add(script('a'));
    for (int i = 0; i < 10; i++) {
      cache.add(script('b'));
    }
    assertThat(find('a')).isNotNull();
  }

  @Test
  void aScriptThatIsTooLargeIsNotKeptAndDrivesNoneOut() {
    cache.add(script('a'));
    cache.add(new byte[100_001]);
    assertThat(find('a')).isNotNull();
  }

  @Test
  void manySmallScriptsCountWithTheirEntries() {
    for (int i = 0; i < 10_000; i++) {
      cache.add(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
    }
    int kept = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] script = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
      kept += cache.find(digest(script)) == null ? 0 : 1;
    }
    assertThat(kept).isBetween(1, 1000);
  }

  @Test
  void forgetsAll() {
    cache.add(script('a'));
    cache.clear();
    assertThat(find('a')).isNull();
    cache.add(script('b'));
    cache.add(script('c'));
    assertThat(find('b')).isNotNull();
  }

  private byte @Nullable [] find(char c) {
    return cache.find(digest(script(c)));
  }

  private static byte[] script(char c) {
    return Character.toString(c).repeat(SIZE).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] digest(byte[] script) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(script))
          .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
