package io.ringmaster.protocol.command;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A reply as a tree, types included: two are equal if their bytes are. */
record RespNode(char type, String text, List<RespNode> children) {

  static RespNode read(DataInputStream in) throws IOException {
    char type = (char) in.readUnsignedByte();
    String line = line(in);
    if ("$=".indexOf(type) >= 0 && !line.equals("-1")) {
      byte[] bytes = in.readNBytes(Integer.parseInt(line));
      in.readNBytes(2);
      return new RespNode(type, new String(bytes, StandardCharsets.ISO_8859_1), List.of());
    }
    if ("*~%".indexOf(type) < 0 || line.equals("-1")) {
      return new RespNode(type, line, List.of());
    }
    int size = Integer.parseInt(line) * (type == '%' ? 2 : 1);
    List<RespNode> children = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      children.add(read(in));
    }
    return new RespNode(type, "", children);
  }

  RespNode child(int index) {
    return children.get(index);
  }

  boolean isError() {
    return type == '-';
  }

  long number() {
    return Long.parseLong(text);
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.readUnsignedByte();
    while (c != '\r') {
      line.append((char) c);
      c = in.readUnsignedByte();
    }
    in.readUnsignedByte();
    return line.toString();
  }
}
