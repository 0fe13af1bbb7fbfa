package io.ringmaster.proxy.dispatch;

import io.ringmaster.cluster.topology.Shard;
import java.nio.charset.StandardCharsets;

/**
 * Where a walk with SCAN, HSCAN, SSCAN or ZSCAN stands.
 *
 * @param position the cursor of the server that is walked through; 0 at the beginning
 * @param tag of the leader that gave the position, which means nothing to anybody else
 * @param shard index of the shard; 0 in a walk through one key
 */
record Cursor(long position, int tag, int shard) {

  /** The beginning of a walk, and its end. */
  static final Cursor START = new Cursor(0, 0, 0);

  private static final int TAG_BITS = 9;

  /**
   * The tag of the leader of {@code shard}. An epoch has one leader, in one run of its server, and
   * the next one has another tag. Where nobody admits runs of servers a restart begins no epoch, so
   * that {@code runId} has to tell.
   */
  static int tag(Shard shard, String runId) {
    return low(shard.incarnations().isEmpty() ? runId.hashCode() : shard.epoch(), TAG_BITS);
  }

  private static int low(long number, int bits) {
    return (int) (number & ((1L << bits) - 1));
  }

  /**
   * How a cursor is written as one number, from its highest bits on: position, tag, shard. Clients
   * keep it as a double, or print 14 digits of it: a server's cursor is below the size of its hash
   * table, so with 64 shards of 2^30 keys the number is below 10^14, and with 1024 below 2^53.
   *
   * @param shardBits room for the shard; it grows in steps, so that a shard more rarely changes it
   */
  record Form(int shardBits) {

    /** For walks through one key. */
    static final Form OF_A_KEY = new Form(0);

    /** For walks through {@code shards} shards. */
    static Form of(int shards) {
      int shardBits = 6;
      while (shards > 1 << shardBits) {
        shardBits += 4;
      }
      return new Form(shardBits);
    }

    /** The largest position that there is room for; the number stays below 2^63. */
    long largestPosition() {
      return Long.MAX_VALUE >>> (TAG_BITS + shardBits);
    }

    /** The number that clients see; 0 for {@link #START}. */
    long write(Cursor cursor) {
      return (((cursor.position << TAG_BITS) | cursor.tag) << shardBits) | cursor.shard;
    }

    /**
     * Reads a number as C does: up to a zero byte, and nothing is 0.
     *
     * @throws NumberFormatException if it is none, or out of range
     */
    Cursor read(byte[] text) {
      long number = number(new String(text, StandardCharsets.ISO_8859_1));
      return new Cursor(
          number >>> (TAG_BITS + shardBits),
          low(number >>> shardBits, TAG_BITS),
          low(number, shardBits));
    }

    private static long number(String bytes) {
      int zero = bytes.indexOf('\0');
      String text = zero < 0 ? bytes : bytes.substring(0, zero);
      if (text.isEmpty()) {
        return 0;
      }
      return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }
  }
}
