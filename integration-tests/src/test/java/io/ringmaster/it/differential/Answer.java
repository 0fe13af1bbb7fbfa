package io.ringmaster.it.differential;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One reply: its bytes as Latin-1, and its lines and strings one by one. */
record Answer(String raw, List<String> parts) {

  static Answer read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<String> parts = new ArrayList<>();
    read(in, bytes, parts);
    return new Answer(text(bytes.toByteArray()), parts);
  }

  private static void read(InputStream in, ByteArrayOutputStream bytes, List<String> parts)
      throws IOException {
    String line = line(in, bytes);
    parts.add(line);
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '$', '=', '!' -> {
        if (!rest.equals("-1")) {
          byte[] text = in.readNBytes(Integer.parseInt(rest) + 2);
          bytes.writeBytes(text);
          parts.add(text(Arrays.copyOf(text, text.length - 2)));
        }
      }
      case '*', '~', '%', '>' -> {
        int size = Integer.parseInt(rest) * (line.charAt(0) == '%' ? 2 : 1);
        for (int i = 0; i < size; i++) {
          read(in, bytes, parts);
        }
      }
      default -> {}
    }
  }

  private static String line(InputStream in, ByteArrayOutputStream bytes) throws IOException {
    StringBuilder line = new StringBuilder();
    int previous = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("connection closed");
      }
      bytes.write(next);
      if (previous == '\r' && next == '\n') {
        line.setLength(line.length() - 1);
        return line.toString();
      }
      line.append((char) next);
      previous = next;
    }
  }

  boolean isError() {
    return raw.startsWith("-");
  }

  /** The error's text, or the line or string that is the whole reply. */
  String text() {
    return parts.size() > 1 ? parts.get(1) : parts.getFirst();
  }

  /** The strings of an array of strings. */
  List<String> strings() {
    return parts.stream().filter(part -> !part.matches("[*~$].*")).toList();
  }

  boolean isSameAs(Answer other) {
    return raw.equals(other.raw);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static String printable(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : text(bytes).toCharArray()) {
      text.append(c >= ' ' && c < 127 ? "" + c : "\\x%02x".formatted((int) c));
      if (text.length() > 400) {
        return text.append("...").toString();
      }
    }
    return text.append('"').toString();
  }

  @Override
  public String toString() {
    return printable(Values.bytes(raw));
  }
}
