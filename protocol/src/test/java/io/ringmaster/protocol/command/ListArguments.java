package io.ringmaster.protocol.command;

import io.ringmaster.protocol.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Arguments from a list. */
record ListArguments(List<byte[]> list) implements Arguments {

  /** The words of {@code line}; {@code \0} stands for a zero byte, {@code ''} for nothing. */
  static ListArguments of(String line) {
    List<byte[]> list = new ArrayList<>();
    for (String word : line.split(" ")) {
      String text = word.equals("''") ? "" : word.replace("\\0", "\0");
      list.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return new ListArguments(list);
  }

  @Override
  public int count() {
    return list.size();
  }

  @Override
  public int length(int index) {
    return list.get(index).length;
  }

  @Override
  public byte[] bytes(int index) {
    return list.get(index).clone();
  }
}
