package io.ringmaster.protocol;

/**
 * The slot of a key: CRC16 (XMODEM) of the key, or of its hash tag, modulo {@value #COUNT}.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis
 *     Cluster specification, "Key distribution model" and "Hash tags"</a>
 */
public final class KeySlot {

  /** The number of slots. */
  public static final int COUNT = 16384;

  // Four at a time: one after the other, the bytes of a key took a twelfth of a busy loop's time.
  private static final char[] CRC16 = table();
  private static final char[] CRC16_1 = shifted(CRC16);
  private static final char[] CRC16_2 = shifted(CRC16_1);
  private static final char[] CRC16_3 = shifted(CRC16_2);

  private KeySlot() {}

  /**
   * The slot of the key that stands in {@code length} bytes of {@code bytes} from {@code offset}
   * on.
   */
  public static int of(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int open = indexOf(bytes, (byte) '{', offset, end);
    if (open < end) {
      int close = indexOf(bytes, (byte) '}', open + 1, end);
      if (close < end && close > open + 1) {
        return crc16(bytes, open + 1, close) & (COUNT - 1);
      }
    }
    return crc16(bytes, offset, end) & (COUNT - 1);
  }

  /** The slot of a whole key. */
  public static int of(byte[] key) {
    return of(key, 0, key.length);
  }

  private static int indexOf(byte[] bytes, byte wanted, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  private static int crc16(byte[] bytes, int from, int end) {
    int crc = 0;
    int i = from;
    for (; i + 4 <= end; i += 4) {
      crc =
          CRC16_3[(crc >>> 8) ^ (bytes[i] & 0xFF)]
              ^ CRC16_2[(crc ^ bytes[i + 1]) & 0xFF]
              ^ CRC16_1[bytes[i + 2] & 0xFF]
              ^ CRC16[bytes[i + 3] & 0xFF];
    }
    for (; i < end; i++) {
      crc = ((crc << 8) & 0xFFFF) ^ CRC16[(crc >>> 8) ^ (bytes[i] & 0xFF)];
    }
    return crc;
  }

  private static char[] table() {
    char[] table = new char[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
      }
      table[i] = (char) crc;
    }
    return table;
  }

  /** Returns the effect of each byte of {@code table} one byte later. */
  private static char[] shifted(char[] table) {
    char[] later = new char[256];
    for (int i = 0; i < 256; i++) {
      later[i] = (char) ((table[i] << 8) ^ CRC16[table[i] >>> 8]);
    }
    return later;
  }
}
