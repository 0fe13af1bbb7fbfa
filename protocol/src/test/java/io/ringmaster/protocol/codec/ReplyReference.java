package io.ringmaster.protocol.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the ends of replies by plain recursion, for comparison: all bytes are there at once. */
final class ReplyReference {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}|-0{0,9}1");

  /** Where a reply ends, and whether it is too large to be kept. */
  record End(int position, boolean skipped) {}

  /** The replies, and whether what follows can never become one. */
  record Ends(List<End> ends, boolean broken) {}

  private static final class Stop extends Exception {

    private static final long serialVersionUID = 1L;
    private final boolean broken;

    Stop(boolean broken) {
      this.broken = broken;
    }
  }

  private final byte[] bytes;

  private ReplyReference(byte[] bytes) {
    this.bytes = bytes;
  }

  static Ends ends(byte[] bytes, int maxBytes) {
    ReplyReference reference = new ReplyReference(bytes);
    List<End> ends = new ArrayList<>();
    int start = 0;
    try {
      while (true) {
        int end = reference.reply(start);
        ends.add(new End(end, end - start > maxBytes));
        start = end;
      }
    } catch (Stop stop) {
      return new Ends(ends, stop.broken);
    }
  }

  private int reply(int from) throws Stop {
    int behind = behindLine(from);
    char type = (char) bytes[from];
    if ("+-:_#,(".indexOf(type) >= 0) {
      return behind;
    }
    String rest = new String(bytes, from + 1, behind - 3 - from, ISO_8859_1);
    if (!NUMBER.matcher(rest).matches()) {
      throw new Stop(true);
    }
    long number = Long.parseLong(rest);
    if ("$!=".indexOf(type) >= 0) {
      return number < 0 ? behind : string(behind, number);
    }
    long size = Math.max(0, number);
    return switch (type) {
      case '%' -> replies(behind, 2 * size);
      case '|' -> replies(behind, 2 * size + 1);
      default -> replies(behind, size);
    };
  }

  private int string(int from, long length) throws Stop {
    long end = from + length + 2;
    if (end > bytes.length) {
      throw new Stop(false);
    }
    return (int) end;
  }

  private int replies(int from, long count) throws Stop {
    int end = from;
    for (long i = 0; i < count; i++) {
      end = reply(end);
    }
    return end;
  }

  private int behindLine(int from) throws Stop {
    if (from == bytes.length) {
      throw new Stop(false);
    }
    int kind = "$!=*~>%|+-:_#,(".indexOf(bytes[from]);
    int cr = from;
    while (cr < bytes.length && bytes[cr] != '\r') {
      cr++;
    }
    boolean endless = kind < 8 && cr - from >= 32 && bytes.length - from > 32;
    if (kind < 0 || endless) {
      throw new Stop(true);
    }
    if (cr + 1 >= bytes.length) {
      throw new Stop(false);
    }
    if (bytes[cr + 1] != '\n') {
      throw new Stop(true);
    }
    return cr + 2;
  }
}
