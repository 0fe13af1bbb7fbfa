package io.ringmaster.it.differential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One request.
 *
 * @param command its name in the command table
 * @param valid whether it is as the grammar says; else something in it was changed
 */
record Request(String command, List<byte[]> words, boolean valid) {

  static Request of(String... words) {
    return new Request(words[0], Arrays.stream(words).map(Values::bytes).toList(), true);
  }

  byte[] frame() {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(Values.bytes("*" + words.size() + "\r\n"));
    for (byte[] word : words) {
      frame.writeBytes(Values.bytes("$" + word.length + "\r\n"));
      frame.writeBytes(word);
      frame.writeBytes(Values.bytes("\r\n"));
    }
    return frame.toByteArray();
  }

  boolean has(String option) {
    return words.stream()
        .anyMatch(word -> new String(word, StandardCharsets.ISO_8859_1).equals(option));
  }

  @Override
  public String toString() {
    return words.stream().map(Answer::printable).collect(Collectors.joining(" "));
  }
}
