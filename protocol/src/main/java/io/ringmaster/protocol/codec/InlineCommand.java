package io.ringmaster.protocol.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits an inline command into words: blanks separate, {@code "…"} knows the escapes of C and
 * {@code \xHH}, {@code '…'} only {@code \'}; a closing quote must be followed by a blank or the
 * end.
 */
final class InlineCommand {

  private static final String UNBALANCED = "unbalanced quotes in request";

  private final byte[] line;
  private int at;

  private InlineCommand(byte[] line) {
    this.line = line;
  }

  static List<byte[]> split(byte[] line) {
    InlineCommand command = new InlineCommand(line);
    List<byte[]> words = new ArrayList<>();
    for (byte[] word = command.next(); word != null; word = command.next()) {
      words.add(word);
    }
    return words;
  }

  private byte @Nullable [] next() {
    while (at < line.length && isBlank(line[at])) {
      at++;
    }
    if (at == line.length) {
      return null;
    }
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (at < line.length && !isBlank(line[at])) {
      byte c = line[at++];
      switch (c) {
        case '"' -> doubleQuoted(word);
        case '\'' -> singleQuoted(word);
        default -> word.write(c);
      }
    }
    return word.toByteArray();
  }

  private void doubleQuoted(ByteArrayOutputStream word) {
    while (true) {
      byte c = inQuotes();
      if (c == '"') {
        closed();
        return;
      }
      word.write(c == '\\' ? escape() : c);
    }
  }

  private int escape() {
    byte c = inQuotes();
    if (c == 'x' && at + 1 < line.length) {
      int high = Character.digit(line[at], 16);
      int low = Character.digit(line[at + 1], 16);
      if (high >= 0 && low >= 0) {
        at += 2;
        return high << 4 | low;
      }
    }
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> c;
    };
  }

  private void singleQuoted(ByteArrayOutputStream word) {
    while (true) {
      byte c = inQuotes();
      if (c == '\'') {
        closed();
        return;
      }
      if (c == '\\' && at < line.length && line[at] == '\'') {
        c = line[at++];
      }
      word.write(c);
    }
  }

  private byte inQuotes() {
    if (at == line.length) {
      throw new ProtocolException(UNBALANCED);
    }
    return line[at++];
  }

  private void closed() {
    if (at < line.length && !isBlank(line[at])) {
      throw new ProtocolException(UNBALANCED);
    }
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
  }
}
