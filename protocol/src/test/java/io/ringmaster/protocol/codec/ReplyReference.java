package io.ringmaster.protocol.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the ends of replies by plain recursion, for comparison: all bytes are there at once. */
final class ReplyReference {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}|-0{0,9}1");

  /** Where replies end, and whether what follows can never become one. */
  record Ends(List<Integer> positions, boolean broken) {}

  private static final class Stop extends Exception {

    private static final long serialVersionUID = 1L;
    private final boolean broken;

    Stop(boolean broken) {
      this.broken = broken;
    }
  }

  private final byte[] bytes;
  private final int maxDepth;
  private final long maxBytes;
  private int start;

  private ReplyReference(byte[] bytes, int maxDepth, int maxBytes) {
    this.bytes = bytes;
    this.maxDepth = maxDepth;
    this.maxBytes = maxBytes;
  }

  static Ends ends(byte[] bytes, int maxDepth, int maxBytes) {
    ReplyReference reference = new ReplyReference(bytes, maxDepth, maxBytes);
    List<Integer> positions = new ArrayList<>();
    try {
      while (true) {
        reference.start = reference.reply(reference.start, 0);
        positions.add(reference.start);
      }
    } catch (Stop stop) {
      return new Ends(positions, stop.broken);
    }
  }

  private int reply(int from, int depth) throws Stop {
    int behind = behindLine(from);
    String line = new String(bytes, from, behind - 2 - from, ISO_8859_1);
    char type = line.isEmpty() ? '?' : line.charAt(0);
    if ("+-:_#,(".indexOf(type) >= 0) {
      return behind;
    }
    int kind = "$!=*~>%|".indexOf(type);
    if (kind < 0 || !NUMBER.matcher(line.substring(1)).matches()) {
      throw new Stop(true);
    }
    long number = Long.parseLong(line.substring(1));
    if (kind < 3) {
      return number < 0 ? behind : string(behind, number);
    }
    long size = Math.max(0, number);
    return switch (type) {
      case '%' -> aggregate(behind, 2 * size, depth);
      case '|' -> aggregate(behind, 2 * size + 1, depth);
      default -> aggregate(behind, size, depth);
    };
  }

  private int string(int from, long length) throws Stop {
    long end = from + length + 2;
    if (end - start > maxBytes) {
      throw new Stop(true);
    }
    if (end > bytes.length) {
      throw new Stop(false);
    }
    return (int) end;
  }

  private int aggregate(int from, long elements, int depth) throws Stop {
    if (depth == maxDepth || from - start + 3 * elements > maxBytes) {
      throw new Stop(true);
    }
    int end = from;
    for (long i = 0; i < elements; i++) {
      end = reply(end, depth + 1);
    }
    return end;
  }

  private int behindLine(int from) throws Stop {
    int cr = from;
    while (cr < bytes.length && bytes[cr] != '\r') {
      cr++;
    }
    if (cr + 2 - start > maxBytes) {
      throw new Stop(bytes.length - start >= maxBytes);
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
